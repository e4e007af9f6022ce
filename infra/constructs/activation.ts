import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { env } from '#functions/publish-changes/env.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { failedBatches } from './failed-batches.ts';
import { failedBatchAlarm, iteratorAgeAlarm, mappingMetric } from './mapping-alarms.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { ServiceFunction } from './service-function.ts';

interface ActivationProps {
  readonly deliveries: Queue;
  readonly settings: StageSettings;
  readonly data: DataStack;
}

/** Publishes every membership change that a profile's new version carries, to the feed and to the bus. */
export class Activation extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: ActivationProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Changes', { description: 'Shoal: membership changes as CloudEvents' });
    const publishChanges = this.createFunction(props);
    this.grant(publishChanges, props);
    const mapping = this.createMapping(publishChanges, props);
    this.createAlarms(publishChanges, mapping, props.settings);
  }

  private createFunction({ settings, deliveries, data: { profiles, feed, control, artifacts } }: ActivationProps) {
    return new ServiceFunction(this, 'PublishChanges', {
      name: 'publish-changes',
      settings,
      env,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        CHANGES_TABLE: feed.table.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        EVENT_BUS: this.bus.eventBusName,
        DELIVERY_QUEUE_URL: deliveries.queueUrl,
        FEED_SHARDS: String(settings.feedShards),
      },
      timeout: Duration.seconds(60),
      memorySize: 512,
    });
  }

  private grant(publishChanges: ServiceFunction, { deliveries, data }: ActivationProps): void {
    const { profiles, feed, control, artifacts } = data;
    publishChanges.allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem'], profiles.profiles.tableArn);
    publishChanges.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], feed.table.tableArn);
    publishChanges.allow(['dynamodb:GetItem'], control.table.tableArn);
    publishChanges.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    publishChanges.allow(['events:PutEvents'], this.bus.eventBusArn);
    publishChanges.allow(['sqs:SendMessage'], deliveries.queueArn);
    profiles.profiles.grantStreamRead(publishChanges);
  }

  /** Every option is written out, defaults included: this is where order and loss are decided. */
  private createMapping(publishChanges: ServiceFunction, { settings, data }: ActivationProps) {
    const mapping = new EventSourceMapping(this, 'ProfilesMapping', {
      target: publishChanges,
      eventSourceArn: data.profiles.profiles.tableStreamArn,
      enabled: true,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(0),
      parallelizationFactor: settings.changesParallelization,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 20, // a change that is never published is worse than a shard that waits some minutes
      maxRecordAge: Duration.hours(23), // DynamoDB Streams forgets after 24 hours
      tumblingWindow: undefined,
      onFailure: failedBatches(publishChanges, data.artifacts.bucket),
      // Most versions of a profile change no membership; those cost nothing here.
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.or('INSERT', 'MODIFY'),
          dynamodb: { NewImage: { changes: { B: FilterRule.exists() } } },
        }),
      ],
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // Without its policy the mapping cannot be created: it reads the stream once to validate itself.
    mapping.node.addDependency(publishChanges.role as Role);
    return mapping;
  }

  private createAlarms(publishChanges: ServiceFunction, mapping: EventSourceMapping, settings: StageSettings): void {
    iteratorAgeAlarm(this, publishChanges, {
      settings,
      meaning: 'Membership changes reach their subscribers late.',
      runbook: 'changes-are-published-late',
    });
    failedBatchAlarm(this, mapping, {
      settings,
      meaning: 'Membership changes were not published and wait in the bucket; subscribers miss them.',
      runbook: 'changes-were-not-published',
    });
    new ServiceAlarm(this, 'PublishErrors', {
      settings,
      // Not `Errors`: an invocation that reports some of its records as failed has succeeded.
      metric: mappingMetric(mapping, 'FailedInvokeEventCount'),
      threshold: 5,
      evaluationPeriods: 3,
      meaning: 'Publishing membership changes keeps failing and is being retried.',
      runbook: 'publishing-changes-fails',
    });
  }
}
