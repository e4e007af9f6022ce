import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env } from '#functions/process-events/env.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { failedBatches } from './failed-batches.ts';
import { failedBatchAlarm, iteratorAgeAlarm } from './mapping-alarms.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { metricsNamespace, ServiceFunction } from './service-function.ts';

interface StreamingEvaluationProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
}

/** Keeps segment memberships up to date within seconds of an experience event. */
export class StreamingEvaluation extends Construct {
  constructor(scope: Construct, id: string, props: StreamingEvaluationProps) {
    super(scope, id);
    const processEvents = this.createFunction(props);
    this.grant(processEvents, props.data);
    const mapping = this.createMapping(processEvents, props);
    this.createAlarms(processEvents, mapping, props.settings);
  }

  private createFunction({ settings, data: { profiles, control, artifacts } }: StreamingEvaluationProps) {
    return new ServiceFunction(this, 'ProcessEvents', {
      name: 'process-events',
      settings,
      env,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        IDENTITIES_TABLE: profiles.identities.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        IDENTITY_KEY_SECRET: profiles.identityKey.secretArn,
        DUE_SHARDS: String(settings.dueShards),
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: Duration.seconds(60),
      memorySize: 1769, // one whole vCPU: the work is encoding and evaluation
    });
  }

  private grant(processEvents: ServiceFunction, { profiles, control, events, artifacts }: DataStack): void {
    // States are written by statements, many in a call; with attributes in a transaction, which needs the rights of its parts.
    // A merge deletes the attributes of the profile that becomes an alias, an erasure all but the tombstone; the order to
    // erase somebody is read beside the profile.
    const writes = ['PartiQLInsert', 'PartiQLUpdate', 'PutItem', 'DeleteItem'];
    processEvents.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', ...writes.map((write) => `dynamodb:${write}`)],
      profiles.profiles.tableArn,
    );
    processEvents.allow(['dynamodb:PutItem', 'dynamodb:Query'], profiles.history.tableArn);
    processEvents.allow(['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], profiles.identities.tableArn);
    processEvents.allow(['dynamodb:GetItem'], control.table.tableArn);
    processEvents.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    processEvents.allowObjects(['s3:PutObject'], artifacts.bucket, PREFIX.quarantine);
    processEvents.allowObjects(['s3:PutObject'], artifacts.bucket, PREFIX.parked);
    processEvents.allowObjects(['s3:PutObject'], artifacts.bucket, PREFIX.refusedLinks);
    processEvents.allow(['secretsmanager:GetSecretValue'], profiles.identityKey.secretArn);
    events.stream.grantRead(processEvents);
  }

  /** Every option is written out, defaults included: this is where order and loss are decided. */
  private createMapping(processEvents: ServiceFunction, { settings, data }: StreamingEvaluationProps) {
    const mapping = new EventSourceMapping(this, 'EventsMapping', {
      target: processEvents,
      eventSourceArn: data.events.stream.streamArn,
      enabled: true,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 500,
      maxBatchingWindow: Duration.seconds(0), // latency first: producers coalesce better than a window does
      parallelizationFactor: settings.eventsParallelization,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 8, // absent means until the record expires: one poison record would stop its shard for a day
      maxRecordAge: Duration.hours(settings.eventAgeHoursMax),
      tumblingWindow: undefined,
      onFailure: failedBatches(processEvents, data.artifacts.bucket),
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // Without its policy the mapping cannot be created: it reads the stream once to validate itself.
    mapping.node.addDependency(processEvents.role as Role);
    return mapping;
  }

  private createAlarms(processEvents: ServiceFunction, mapping: EventSourceMapping, settings: StageSettings): void {
    iteratorAgeAlarm(this, processEvents, {
      settings,
      meaning: 'Memberships are falling behind the event stream.',
      runbook: 'events-are-falling-behind',
    });
    failedBatchAlarm(this, mapping, {
      settings,
      meaning: 'Events could not be processed and wait in the bucket; their people may be in the wrong segments.',
      runbook: 'a-batch-of-events-failed',
    });
    this.createEventAlarms(settings);
  }

  private createEventAlarms(settings: StageSettings): void {
    const metricOf = (metricName: string, statistic: string) =>
      new Metric({
        namespace: metricsNamespace(settings.stage),
        metricName,
        dimensionsMap: { service: 'process-events' },
        statistic,
        period: Duration.minutes(5),
      });
    new ServiceAlarm(this, 'Parked', {
      settings,
      metric: metricOf('EventsParked', 'Sum'),
      threshold: 1,
      evaluationPeriods: 1,
      meaning: 'A profile could not be brought up to date and is set aside: its memberships stand still.',
      runbook: 'a-profile-is-parked',
    });
    new ServiceAlarm(this, 'ExitLateness', {
      settings,
      metric: metricOf('ExitLatenessMs', 'p99'),
      threshold: 15_000,
      evaluationPeriods: 3,
      meaning: 'People whose time is over leave their segments late.',
      runbook: 'people-leave-late',
    });
    new ServiceAlarm(this, 'Quarantine', {
      settings,
      metric: metricOf('EventsQuarantined', 'Sum'),
      threshold: 10,
      evaluationPeriods: 1,
      meaning: 'A producer sends records that are not events; they are kept aside and change nothing.',
      runbook: 'events-are-quarantined',
    });
  }
}
