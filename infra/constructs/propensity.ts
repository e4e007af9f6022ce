import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env as collectEnv } from '#functions/collect-training-rows/env.ts';
import { env as finishEnv } from '#functions/finish-propensity/env.ts';
import { env as planEnv } from '#functions/plan-propensity/env.ts';
import { env as propensityApiEnv } from '#functions/propensity-api/env.ts';
import { env as scoreChangedEnv } from '#functions/score-changed-profiles/env.ts';
import { env as scoreEnv } from '#functions/score-range/env.ts';
import { env as startEnv } from '#functions/start-propensity/env.ts';
import { env as trainEnv } from '#functions/train-propensity/env.ts';
import { propensityOperations } from '#shared/api/operations/propensity.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { failedBatches } from './failed-batches.ts';
import { addOperations } from './operation-routes.ts';
import { CLEARING_WAIT_SECONDS, PropensityStateMachine } from './propensity-state-machine.ts';
import { ScheduleTimers } from './schedule-timers.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';
import { JOB_PEOPLE_MAX, TrainingJob } from './training-job.ts';

interface PropensityProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** What a function trains on in its time and memory: docs/propensity.md. */
const PEOPLE_MAX = 150_000;
const ROWS_MAX = 200_000;

/** What a function looks at that reads whole people. */
function peopleEnvironment({ settings, data: { profiles, control, artifacts } }: PropensityProps) {
  return {
    PROFILES_TABLE: profiles.profiles.tableName,
    HISTORY_TABLE: profiles.history.tableName,
    CONTROL_TABLE: control.table.tableName,
    BUCKET_NAME: artifacts.bucket.bucketName,
    RETENTION_DAYS: String(settings.retentionDays),
  };
}

/** Customer AI: models that foretell what people will do, trained and scored in the account. */
export class Propensity extends Construct {
  constructor(scope: Construct, id: string, props: PropensityProps) {
    super(scope, id);
    const jobs = props.settings.trainingJobs;
    const machine = new PropensityStateMachine(this, 'Run', {
      settings: props.settings,
      planPropensity: this.createPlan(props),
      collectTrainingRows: this.createCollect(props),
      trainPropensity: this.createTrain(props),
      scoreRange: this.createScore(props),
      finishPropensity: this.createFinish(props),
      ...(jobs && { trainingJob: new TrainingJob(this, 'TrainingJob', { jobs, data: props.data }) }),
    });
    this.followProfiles(this.createScoreChanged(props), props);
    const timers = new ScheduleTimers(this, 'Timers');
    const startPropensity = this.createStart(props, machine, timers);
    timers.call(startPropensity);
    const propensityApi = this.createApi(props, machine, {
      ...timers.environment,
      START_PROPENSITY: startPropensity.functionArn,
    });
    for (const target of [startPropensity, propensityApi]) timers.allowPutting(target);
    addOperations(props.api, propensityApi, propensityOperations);
  }

  private createPlan(props: PropensityProps): ServiceFunction {
    const plan = new ServiceFunction(this, 'PlanPropensity', {
      name: 'plan-propensity',
      settings: props.settings,
      env: planEnv,
      environment: {
        ...peopleEnvironment(props),
        CLEARING_WAIT_SECONDS: String(CLEARING_WAIT_SECONDS),
        TRAINING_PEOPLE_MAX: String(props.settings.trainingJobs ? JOB_PEOPLE_MAX : PEOPLE_MAX),
      },
      timeout: Duration.minutes(2),
      memorySize: 1024,
    });
    allowPeople(plan, props);
    plan.allow(['dynamodb:PutItem'], props.data.control.table.tableArn);
    plan.allowObjects(['s3:PutObject'], props.data.artifacts.bucket, PREFIX.models);
    return plan;
  }

  private createCollect(props: PropensityProps): ServiceFunction {
    const collect = new ServiceFunction(this, 'CollectTrainingRows', {
      name: 'collect-training-rows',
      settings: props.settings,
      env: collectEnv,
      environment: peopleEnvironment(props),
      timeout: Duration.minutes(15),
      memorySize: 1769, // one whole vCPU
    });
    allowPeople(collect, props);
    collect.allowObjects(['s3:PutObject'], props.data.artifacts.bucket, PREFIX.models);
    return collect;
  }

  private createTrain({ settings, data: { control, artifacts } }: PropensityProps): ServiceFunction {
    const train = new ServiceFunction(this, 'TrainPropensity', {
      name: 'train-propensity',
      settings,
      env: trainEnv,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        TRAINING_ROWS_MAX: String(ROWS_MAX),
      },
      timeout: Duration.minutes(15),
      memorySize: 3008,
    });
    train.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], control.table.tableArn);
    train.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.models);
    train.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    return train;
  }

  private createScore(props: PropensityProps): ServiceFunction {
    const { events, profiles, artifacts } = props.data;
    const score = new ServiceFunction(this, 'ScoreRange', {
      name: 'score-range',
      settings: props.settings,
      env: scoreEnv,
      environment: { ...peopleEnvironment(props), EVENT_STREAM: events.stream.streamName },
      timeout: Duration.minutes(15),
      memorySize: 1769,
    });
    allowPeople(score, props);
    score.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
      profiles.profiles.tableArn,
    );
    score.allowObjects(['s3:PutObject'], artifacts.bucket, PREFIX.models);
    score.allow(['kinesis:PutRecords'], events.stream.streamArn);
    return score;
  }

  private createScoreChanged(props: PropensityProps): ServiceFunction {
    const { events, profiles } = props.data;
    const score = new ServiceFunction(this, 'ScoreChangedProfiles', {
      name: 'score-changed-profiles',
      settings: props.settings,
      env: scoreChangedEnv,
      environment: { ...peopleEnvironment(props), EVENT_STREAM: events.stream.streamName },
      timeout: Duration.minutes(2),
      memorySize: 1024,
    });
    score.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
      profiles.profiles.tableArn,
    );
    score.allow(['dynamodb:Query'], profiles.history.tableArn);
    score.allow(['dynamodb:GetItem', 'dynamodb:Query'], props.data.control.table.tableArn);
    score.allowObjects(['s3:GetObject'], props.data.artifacts.bucket, PREFIX.rules);
    score.allowObjects(['s3:GetObject'], props.data.artifacts.bucket, PREFIX.models);
    score.allow(['kinesis:PutRecords'], events.stream.streamArn);
    profiles.profiles.grantStreamRead(score);
    return score;
  }

  /** A score that is late, or missed until the next run, is no loss: nothing waits for it. */
  private followProfiles(score: ServiceFunction, { settings, data: { profiles, artifacts } }: PropensityProps): void {
    const mapping = new EventSourceMapping(this, 'ProfilesMapping', {
      target: score,
      eventSourceArn: profiles.profiles.tableStreamArn,
      enabled: true,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(settings.rescoreWindowSeconds), // several versions of a profile are scored once
      parallelizationFactor: 1,
      reportBatchItemFailures: false,
      bisectBatchOnError: true,
      retryAttempts: 3,
      maxRecordAge: Duration.hours(1),
      onFailure: failedBatches(score, artifacts.bucket),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.or('INSERT', 'MODIFY'),
          dynamodb: { Keys: { sk: { S: FilterRule.isEqual('H') } } },
        }),
      ],
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    mapping.node.addDependency(score.role as Role);
  }

  private createFinish({ settings, data: { control, artifacts } }: PropensityProps): ServiceFunction {
    const finish = new ServiceFunction(this, 'FinishPropensity', {
      name: 'finish-propensity',
      settings,
      env: finishEnv,
      environment: { CONTROL_TABLE: control.table.tableName, BUCKET_NAME: artifacts.bucket.bucketName },
      timeout: Duration.minutes(5),
      memorySize: 512,
    });
    finish.allow(['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], control.table.tableArn);
    finish.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.models);
    finish.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    return finish;
  }

  private createStart(
    { settings, data: { control } }: PropensityProps,
    { stateMachine }: PropensityStateMachine,
    timers: ScheduleTimers,
  ): ServiceFunction {
    const start = new ServiceFunction(this, 'StartPropensity', {
      name: 'start-propensity',
      settings,
      env: startEnv,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        PROPENSITY_STATE_MACHINE: stateMachine.stateMachineArn,
        ...timers.environment,
      },
      timeout: Duration.seconds(30),
      memorySize: 256,
    });
    start.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], control.table.tableArn);
    start.allow(['states:StartExecution'], stateMachine.stateMachineArn);
    return start;
  }

  private createApi(
    props: PropensityProps,
    { stateMachine }: PropensityStateMachine,
    schedules: ScheduleTimers['environment'] & { readonly START_PROPENSITY: string },
  ): ServiceFunction {
    const propensityApi = new ServiceFunction(this, 'PropensityApi', {
      name: 'propensity-api',
      settings: props.settings,
      env: propensityApiEnv,
      environment: {
        ...peopleEnvironment(props),
        ...schedules,
        PROPENSITY_STATE_MACHINE: stateMachine.stateMachineArn,
      },
      timeout: API_TIMEOUT,
      memorySize: 1769,
    });
    allowPeople(propensityApi, props);
    propensityApi.allowChangeGuard(props.data.control.table);
    propensityApi.allow(['states:StartExecution'], stateMachine.stateMachineArn);
    return propensityApi;
  }
}

function allowPeople(target: ServiceFunction, { data: { profiles, control, artifacts } }: PropensityProps): void {
  target.allow(['dynamodb:Scan'], profiles.profiles.tableArn);
  target.allow(['dynamodb:Query'], profiles.history.tableArn);
  target.allow(['dynamodb:GetItem', 'dynamodb:Query'], control.table.tableArn);
  target.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
  target.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.models);
  // Without it an object that is not there is answered as one that may not be read.
  target.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
}
