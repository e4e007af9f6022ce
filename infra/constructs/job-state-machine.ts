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

interface JobStateMachineProps {
  readonly settings: StageSettings;
  readonly planRanges: ServiceFunction;
  readonly evaluateRange: ServiceFunction;
  readonly finishJob: ServiceFunction;
}

/** What each step says is in the bucket, so no state holds more than the job's name and the number of its ranges. */
export class JobStateMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: JobStateMachineProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const { planRanges, evaluateRange, finishJob, settings } = props;
    const targets = [planRanges, evaluateRange, finishJob].map(({ functionArn }) => functionArn);
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: targets }));
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      comment: 'Shoal: a batch job over all profiles, range by range',
      stateMachineType: StateMachineType.STANDARD,
      role,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definitionOf(props))),
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

const FAILURE = '{% $merge([$states.context.Execution.Input, {"failure": $states.errorOutput}]) %}';
const CATCH = [{ ErrorEquals: ['States.ALL'], Next: 'Fail job', Output: FAILURE }];

function invoke({ functionArn }: ServiceFunction, payload: unknown) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: functionArn, Payload: payload },
    Retry: RETRY,
  };
}

function definitionOf({ settings, planRanges, evaluateRange, finishJob }: JobStateMachineProps) {
  return {
    QueryLanguage: 'JSONata',
    StartAt: 'Plan ranges',
    States: {
      'Plan ranges': {
        ...invoke(planRanges, '{% $states.input %}'),
        Output: '{% $merge([$states.input, $states.result.Payload]) %}',
        Catch: CATCH,
        Next: 'Is there anything to do',
      },
      'Is there anything to do': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.ranges > 0 %}', Next: 'Evaluate ranges' }],
        Default: 'Finish job',
      },
      'Evaluate ranges': {
        Type: 'Map',
        Label: 'ranges',
        Items: '{% [0..$states.input.ranges - 1] %}',
        ItemSelector: {
          sandboxName: '{% $states.input.sandboxName %}',
          kind: '{% $states.input.kind %}',
          jobId: '{% $states.input.jobId %}',
          attempt: '{% $states.input.attempt %}',
          plan: '{% $states.input.plan %}',
          range: '{% $states.context.Map.Item.Value %}',
          from: null,
        },
        MaxConcurrency: settings.batchConcurrency,
        ToleratedFailurePercentage: 0,
        ItemProcessor: rangeProcessor(evaluateRange),
        Output: '{% $states.input %}',
        Catch: CATCH,
        Next: 'Finish job',
      },
      'Finish job': {
        ...invoke(finishJob, JOB_RUN),
        Output: '{% $states.result.Payload %}',
        Catch: CATCH,
        End: true,
      },
      'Fail job': {
        ...invoke(finishJob, '{% $states.input %}'),
        Output: '{% $states.result.Payload %}',
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: 'JobFailed', Cause: 'See the errors of the job.' },
    },
  };
}

const JOB_RUN = {
  sandboxName: '{% $states.input.sandboxName %}',
  kind: '{% $states.input.kind %}',
  jobId: '{% $states.input.jobId %}',
  attempt: '{% $states.input.attempt %}',
};

/** One process after another, each from where the one before ended. */
function rangeProcessor(evaluateRange: ServiceFunction) {
  return {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Evaluate range',
    States: {
      'Evaluate range': {
        ...invoke(evaluateRange, '{% $states.input %}'),
        Output: '{% $merge([$states.input, {"from": $states.result.Payload.next}]) %}',
        Next: 'Is the range done',
      },
      'Is the range done': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.from = null %}', Next: 'Range done' }],
        Default: 'Evaluate range',
      },
      'Range done': { Type: 'Pass', Output: {}, End: true },
    },
  };
}
