import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { env as schedulesApiEnv } from '#functions/schedules-api/env.ts';
import { env as startScheduledEnv } from '#functions/start-scheduled/env.ts';
import { scheduleOperations } from '#shared/api/operations/schedules.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface SchedulesProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
  /** What carries out the jobs that are started. */
  readonly jobStateMachineArn: string;
}

/** Jobs that are started by the clock: each schedule of a caller is one of EventBridge Scheduler, in a group of ours. */
export class Schedules extends Construct {
  readonly #group: CfnScheduleGroup;
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    this.#group = new CfnScheduleGroup(this, 'Group');
    this.#role = new Role(this, 'Role', { assumedBy: this.scheduler });
    const startScheduled = this.createStartScheduled(props);
    const invoke = { actions: ['lambda:InvokeFunction'], resources: [startScheduled.functionArn] };
    this.#role.addToPolicy(new PolicyStatement(invoke));
    const schedulesApi = this.createSchedulesApi(props, startScheduled);
    addOperations(props.api, schedulesApi, scheduleOperations);
    for (const target of [startScheduled, schedulesApi]) this.allowTimers(target);
  }

  /** Of this account only: nobody else's schedule gets the role lent. */
  private get scheduler(): ServicePrincipal {
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    return new ServicePrincipal('scheduler.amazonaws.com', { conditions });
  }

  private createStartScheduled({ settings, data, jobStateMachineArn }: SchedulesProps): ServiceFunction {
    const { table } = data.control;
    const startScheduled = new ServiceFunction(this, 'StartScheduled', {
      name: 'start-scheduled',
      settings,
      env: startScheduledEnv,
      environment: {
        CONTROL_TABLE: table.tableName,
        JOB_STATE_MACHINE: jobStateMachineArn,
        SCHEDULE_GROUP: this.#group.ref,
        SCHEDULE_ROLE: this.#role.roleArn,
      },
      timeout: Duration.seconds(30),
      memorySize: 256,
    });
    startScheduled.allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      table.tableArn,
    );
    startScheduled.allow(['states:StartExecution'], jobStateMachineArn);
    return startScheduled;
  }

  private createSchedulesApi({ settings, data }: SchedulesProps, startScheduled: ServiceFunction): ServiceFunction {
    const { control, artifacts } = data;
    const schedulesApi = new ServiceFunction(this, 'SchedulesApi', {
      name: 'schedules-api',
      settings,
      env: schedulesApiEnv,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        SCHEDULE_GROUP: this.#group.ref,
        SCHEDULE_ROLE: this.#role.roleArn,
        START_SCHEDULED: startScheduled.functionArn,
      },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
    schedulesApi.allow(['dynamodb:Query'], control.table.tableArn);
    schedulesApi.allowChangeGuard(control.table);
    schedulesApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    return schedulesApi;
  }

  private allowTimers(target: ServiceFunction): void {
    const stack = Stack.of(this);
    const resourceName = `${this.#group.ref}/*`;
    target.allow(
      ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:UpdateSchedule'],
      stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName }),
    );
    target.allow(['iam:PassRole'], this.#role.roleArn);
    const group = stack.getLogicalId(this.#group);
    const arn = `arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/<${group}>/*`;
    Validations.of(target.role as Role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${arn}]`,
      reason: "Schedules of this service's own group, whose names are made at run time; no other group is reachable.",
    });
  }
}
