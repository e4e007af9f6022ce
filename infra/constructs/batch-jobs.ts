import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { env as evaluateRangeEnv } from '#functions/evaluate-range/env.ts';
import { env as finishJobEnv } from '#functions/finish-job/env.ts';
import { env as planRangesEnv } from '#functions/plan-ranges/env.ts';
import { env as segmentJobsApiEnv } from '#functions/segment-jobs-api/env.ts';
import { env as startJobsEnv } from '#functions/start-jobs/env.ts';
import { segmentJobOperations } from '#shared/api/operations/segment-jobs.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { JobStateMachine } from './job-state-machine.ts';
import { addOperations } from './operation-routes.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { API_TIMEOUT, metricsNamespace, ServiceFunction } from './service-function.ts';

interface BatchJobsProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** Evaluates definitions over all profiles: when somebody asks for it, and after every publish. */
export class BatchJobs extends Construct {
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, props: BatchJobsProps) {
    super(scope, id);
    const job = new JobStateMachine(this, 'Job', {
      settings: props.settings,
      planRanges: this.createPlanRanges(props),
      evaluateRange: this.createEvaluateRange(props),
      finishJob: this.createFinishJob(props),
    });
    const { stateMachine } = job;
    this.stateMachineArn = stateMachine.stateMachineArn;
    const segmentJobsApi = this.createSegmentJobsApi(props, stateMachine.stateMachineArn);
    addOperations(props.api, segmentJobsApi, segmentJobOperations);
    const startJobs = this.createStartJobs(props, stateMachine.stateMachineArn);
    for (const target of [segmentJobsApi, startJobs])
      target.allow(['states:StartExecution'], stateMachine.stateMachineArn);
    job.allowDescribe(startJobs);
    this.createAlarm(props.settings);
  }

  private createPlanRanges({ settings, data: { profiles, control, artifacts } }: BatchJobsProps): ServiceFunction {
    const planRanges = new ServiceFunction(this, 'PlanRanges', {
      name: 'plan-ranges',
      settings,
      env: planRangesEnv,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
      },
      timeout: Duration.minutes(1),
      memorySize: 1024,
    });
    planRanges.allow(['dynamodb:DescribeTable'], profiles.profiles.tableArn);
    planRanges.allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      control.table.tableArn,
    );
    planRanges.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    planRanges.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.jobs);
    // Without it an object that is not there is answered as one that may not be read.
    planRanges.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    return planRanges;
  }

  private createEvaluateRange({ settings, data }: BatchJobsProps): ServiceFunction {
    const { profiles, control, artifacts, events } = data;
    const evaluateRange = new ServiceFunction(this, 'EvaluateRange', {
      name: 'evaluate-range',
      settings,
      env: evaluateRangeEnv,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        EVENT_STREAM: events.stream.streamName,
        RETENTION_DAYS: String(settings.retentionDays),
        READ_UNITS_PER_SECOND: String(settings.batchReadUnitsPerSecond),
        WAKE_UPS_PER_SECOND: String(settings.batchWakeUpsPerSecond),
      },
      timeout: Duration.minutes(15),
      memorySize: 1769, // one whole vCPU: the work is decoding and evaluation
    });
    evaluateRange.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:Scan'],
      profiles.profiles.tableArn,
    );
    evaluateRange.allow(['dynamodb:Query'], profiles.history.tableArn);
    evaluateRange.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], control.table.tableArn);
    evaluateRange.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    evaluateRange.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.jobs);
    evaluateRange.allowObjects(['s3:PutObject'], artifacts.bucket, PREFIX.exports);
    evaluateRange.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    evaluateRange.allow(['kinesis:PutRecords'], events.stream.streamArn);
    return evaluateRange;
  }

  private createFinishJob({ settings, data: { control, artifacts } }: BatchJobsProps): ServiceFunction {
    const finishJob = new ServiceFunction(this, 'FinishJob', {
      name: 'finish-job',
      settings,
      env: finishJobEnv,
      environment: { CONTROL_TABLE: control.table.tableName, BUCKET_NAME: artifacts.bucket.bucketName },
      timeout: Duration.minutes(5),
      memorySize: 1024,
    });
    finishJob.allow(
      ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      control.table.tableArn,
    );
    finishJob.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    finishJob.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.jobs);
    finishJob.allowObjects(['s3:DeleteObject', 's3:PutObject'], artifacts.bucket, PREFIX.exports);
    finishJob.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    return finishJob;
  }

  private createSegmentJobsApi({ settings, data }: BatchJobsProps, stateMachineArn: string): ServiceFunction {
    const { control, artifacts } = data;
    const segmentJobsApi = new ServiceFunction(this, 'SegmentJobsApi', {
      name: 'segment-jobs-api',
      settings,
      env: segmentJobsApiEnv,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        JOB_STATE_MACHINE: stateMachineArn,
      },
      timeout: API_TIMEOUT,
      memorySize: 1024,
    });
    segmentJobsApi.allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      control.table.tableArn,
    );
    segmentJobsApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    segmentJobsApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.jobs);
    segmentJobsApi.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    return segmentJobsApi;
  }

  private createStartJobs({ settings, data: { control } }: BatchJobsProps, stateMachineArn: string): ServiceFunction {
    const startJobs = new ServiceFunction(this, 'StartJobs', {
      name: 'start-jobs',
      settings,
      env: startJobsEnv,
      environment: { CONTROL_TABLE: control.table.tableName, JOB_STATE_MACHINE: stateMachineArn },
      timeout: Duration.seconds(50),
      memorySize: 256,
    });
    startJobs.allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      control.table.tableArn,
    );
    new Rule(this, 'EveryMinute', {
      description: 'Starts the walk that a publish calls for, and looks after jobs whose process died',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(startJobs, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    return startJobs;
  }

  private createAlarm(settings: StageSettings): void {
    new ServiceAlarm(this, 'Failed', {
      settings,
      metric: new Metric({
        namespace: metricsNamespace(settings.stage),
        metricName: 'JobsFailed',
        dimensionsMap: { service: 'finish-job' },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      meaning: 'A batch job failed: its definitions were not counted, or a published one is not taken up by everybody.',
      runbook: 'a-batch-job-failed',
    });
  }
}
