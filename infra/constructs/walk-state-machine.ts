import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  type CfnStateMachine,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import type { ServiceFunction } from './service-function.ts';

export interface WalkStateMachineProps {
  readonly settings: StageSettings;
  readonly comment: string;
  /** Every function that the definition invokes. */
  readonly targets: readonly ServiceFunction[];
  /** In Amazon States Language, with functions by their ARN. */
  readonly definition: object;
}

/** A state machine that walks over profiles by a Distributed Map: its role, its log, and what both may. */
export class WalkStateMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { settings, comment, targets, definition }: WalkStateMachineProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const resources = targets.map(({ functionArn }) => functionArn);
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      comment,
      stateMachineType: StateMachineType.STANDARD,
      role,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      timeout: Duration.days(7),
      tracingEnabled: true,
      logs: { level: LogLevel.ALL, includeExecutionData: false, destination: this.createLog(settings) },
    });
    this.allowMapRuns(role);
    this.acknowledge(role);
  }

  private createLog({ logRetentionDays }: StageSettings): LogGroup {
    return new LogGroup(this, 'Log', {
      retention: logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Its executions by ARN, whose names are made at run time. */
  private get executionsArn(): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.stateMachine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** For whoever must know whether a job's execution is still running. */
  allowDescribe(target: ServiceFunction): void {
    target.allow(['states:DescribeExecution'], this.executionsArn);
    this.acknowledgeExecutions(target.role as Role);
  }

  /** A Distributed Map runs its items as executions of the same state machine. */
  private allowMapRuns(role: Role): void {
    const policy = new Policy(this, 'MapRuns', {
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.stateMachine.stateMachineArn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution'],
          resources: [this.executionsArn],
        }),
      ],
    });
    policy.attachToRole(role);
    this.acknowledgeExecutions(policy);
  }

  private acknowledgeExecutions(target: Construct): void {
    const machine = Stack.of(this).getLogicalId(this.stateMachine.node.defaultChild as CfnStateMachine);
    const arn = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${machine}.Name>:*`;
    Validations.of(target).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${arn}]`,
      reason: 'The executions of this state machine and of no other; their names are made at run time.',
    });
  }

  private acknowledge(role: Role): void {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray and the delivery of logs are permissions of an account; these actions know no narrower resource.',
    });
  }
}

/** The world's failures pass; what fails for longer than some minutes fails the job, and a redrive goes on. */
const RETRY = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 6, MaxDelaySeconds: 60 },
];

/** A step that invokes a function, as long as the world lets it. */
export function invoke({ functionArn }: ServiceFunction, payload: unknown) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: functionArn, Payload: payload },
    Retry: RETRY,
  };
}
