import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env as schedulesApiEnv } from '#functions/schedules-api/env.ts';
import { env as startScheduledEnv } from '#functions/start-scheduled/env.ts';
import { scheduleOperations } from '#shared/api/operations/schedules.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { ScheduleTimers } from './schedule-timers.ts';
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
  readonly #timers: ScheduleTimers;

  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    this.#timers = new ScheduleTimers(this, 'Timers');
    const startScheduled = this.createStartScheduled(props);
    this.#timers.call(startScheduled);
    const schedulesApi = this.createSchedulesApi(props, startScheduled);
    addOperations(props.api, schedulesApi, scheduleOperations);
    for (const target of [startScheduled, schedulesApi]) this.#timers.allowPutting(target);
  }

  private createStartScheduled({ settings, data, jobStateMachineArn }: SchedulesProps): ServiceFunction {
    const { control, artifacts } = data;
    const startScheduled = new ServiceFunction(this, 'StartScheduled', {
      name: 'start-scheduled',
      settings,
      env: startScheduledEnv,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        JOB_STATE_MACHINE: jobStateMachineArn,
        ...this.#timers.environment,
      },
      timeout: Duration.seconds(30),
      memorySize: 512,
    });
    startScheduled.allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      control.table.tableArn,
    );
    startScheduled.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
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
        ...this.#timers.environment,
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
}
