import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { env as deliverEnv } from '#functions/deliver-changes/env.ts';
import { env as apiEnv } from '#functions/destinations-api/env.ts';
import { destinationOperations } from '#shared/api/operations/destinations.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import type { DeliveryQueues } from './delivery-queues.ts';
import { addOperations } from './operation-routes.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { metricsNamespace, ServiceFunction } from './service-function.ts';

interface DestinationsProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
  readonly queues: DeliveryQueues;
}

/** Tells whoever is named outside of membership changes, from the feed, each from where it stands. */
export class Destinations extends Construct {
  private readonly sealingKey: Secret;

  constructor(scope: Construct, id: string, props: DestinationsProps) {
    super(scope, id);
    this.sealingKey = this.createSealingKey();
    const deliverChanges = this.createDeliverChanges(props);
    const destinationsApi = this.createApi(props);
    for (const one of [deliverChanges, destinationsApi]) this.grantDelivering(one, props);
    destinationsApi.allowChangeGuard(props.data.control.table);
    destinationsApi.allow(['dynamodb:ConditionCheckItem'], props.data.control.table.tableArn);
    this.createMapping(deliverChanges, props);
    this.createAlarms(props);
    addOperations(props.api, destinationsApi, destinationOperations);
  }

  /** Losing it would silence every webhook until its secret is rotated, so it is kept. */
  private createSealingKey(): Secret {
    const key = new Secret(this, 'SealingKey', {
      description: 'Shoal: key that seals the signing secrets of webhooks',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(key).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'What it sealed could not be opened by another key; the secrets themselves are rotated by the API.',
    });
    return key;
  }

  private environment({ settings, data: { feed, control, artifacts }, queues }: DestinationsProps) {
    return {
      CHANGES_TABLE: feed.table.tableName,
      CONTROL_TABLE: control.table.tableName,
      BUCKET_NAME: artifacts.bucket.bucketName,
      DELIVERY_QUEUE_URL: queues.queue.queueUrl,
      DESTINATION_KEY_SECRET: this.sealingKey.secretArn,
      FEED_SHARDS: String(settings.feedShards),
      LOCAL_WEBHOOKS: String(settings.localWebhooks),
    };
  }

  private createDeliverChanges(props: DestinationsProps): ServiceFunction {
    const { settings, data } = props;
    const { profiles, history } = data.profiles;
    const deliverChanges = new ServiceFunction(this, 'DeliverChanges', {
      name: 'deliver-changes',
      settings,
      env: deliverEnv,
      environment: {
        ...this.environment(props),
        PROFILES_TABLE: profiles.tableName,
        HISTORY_TABLE: history.tableName,
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: Duration.seconds(60),
      memorySize: 1024,
    });
    deliverChanges.allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem'], profiles.tableArn);
    deliverChanges.allow(['dynamodb:Query'], history.tableArn);
    deliverChanges.allow(['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], data.control.table.tableArn);
    return deliverChanges;
  }

  private createApi(props: DestinationsProps): ServiceFunction {
    const { settings } = props;
    return new ServiceFunction(this, 'DestinationsApi', {
      name: 'destinations-api',
      settings,
      env: apiEnv,
      environment: {
        ...this.environment(props),
        DESTINATION_STREAMS: settings.destinationStreams.join(','),
        DESTINATION_QUEUES: settings.destinationQueues.join(','),
      },
      timeout: Duration.seconds(20), // a test waits ten seconds for a webhook
      memorySize: 1024,
    });
  }

  /** What both do: the API to try a destination, the other to tell it. Streams and queues of others only by name. */
  private grantDelivering(one: ServiceFunction, { settings, data, queues }: DestinationsProps): void {
    const { feed, control, artifacts } = data;
    one.allow(['dynamodb:GetItem', 'dynamodb:Query'], feed.table.tableArn);
    one.allow(['dynamodb:Query', 'dynamodb:UpdateItem'], control.table.tableArn);
    one.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    one.allowObjects(['s3:PutObject'], artifacts.bucket, PREFIX.deliveries);
    one.allow(['secretsmanager:GetSecretValue'], this.sealingKey.secretArn);
    one.allow(['sqs:SendMessage'], queues.queue.queueArn);
    const arnOf = (service: string, resource: string) => Stack.of(this).formatArn({ service, resource });
    const streams = settings.destinationStreams.map((name) => arnOf('kinesis', `stream/${name}`));
    const others = settings.destinationQueues.map((name) => arnOf('sqs', name));
    if (streams.length > 0) one.allow(['kinesis:PutRecords'], ...streams);
    if (others.length > 0) one.allow(['sqs:GetQueueUrl', 'sqs:SendMessage'], ...others);
  }

  /** Every option is written out, defaults included. */
  private createMapping(deliverChanges: ServiceFunction, { queues }: DestinationsProps): void {
    queues.queue.grantConsumeMessages(deliverChanges);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: deliverChanges,
      eventSourceArn: queues.queue.queueArn,
      enabled: true,
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(0),
      reportBatchItemFailures: true,
      maxConcurrency: 50, // a destination that hangs takes no more of the account than this
    });
    mapping.node.addDependency(deliverChanges.role as Role);
  }

  private createAlarms({ settings, queues }: DestinationsProps): void {
    const period = Duration.minutes(5);
    const own = (metricName: string, statistic: string) =>
      new Metric({
        namespace: metricsNamespace(settings.stage),
        metricName,
        dimensionsMap: { service: 'deliver-changes' },
        statistic,
        period,
      });
    new ServiceAlarm(this, 'QueueAge', {
      settings,
      metric: queues.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      // A retry waits a quarter of an hour at most.
      threshold: Duration.minutes(30).toSeconds(),
      evaluationPeriods: 2,
      meaning: 'Deliveries wait longer than their retries explain: destinations are not told.',
      runbook: 'deliveries-wait',
    });
    new ServiceAlarm(this, 'Undeliverable', {
      settings,
      metric: queues.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      threshold: 1,
      evaluationPeriods: 1,
      meaning: 'Deliveries failed by our own trouble until they were given up; their changes wait in the feed.',
      runbook: 'deliveries-were-given-up',
    });
    new ServiceAlarm(this, 'DeliveriesRefused', {
      settings,
      metric: own('DeliveriesRefused', 'Sum'),
      threshold: 1,
      evaluationPeriods: 1,
      meaning: 'A destination turned changes away for good; they are set aside and it does not know of them.',
      runbook: 'a-destination-refuses-changes',
    });
    this.createLossAlarms(settings, own);
  }

  private createLossAlarms(settings: StageSettings, own: (name: string, statistic: string) => Metric): void {
    new ServiceAlarm(this, 'DeliveryErrors', {
      settings,
      metric: own('DeliveriesFailed', 'Sum'),
      threshold: 5,
      evaluationPeriods: 3,
      meaning: 'Deliveries to a destination keep failing and are being retried.',
      runbook: 'deliveries-fail',
    });
    new ServiceAlarm(this, 'DeliveryLateness', {
      settings,
      metric: own('DeliveryLatenessMs', 'p95'),
      threshold: Duration.minutes(15).toMilliseconds(),
      evaluationPeriods: 3,
      meaning: 'Destinations are told of changes more than a quarter of an hour late.',
      runbook: 'deliveries-are-late',
    });
    new ServiceAlarm(this, 'LostChanges', {
      settings,
      metric: own('ChangesLost', 'Sum'),
      threshold: 1,
      evaluationPeriods: 1,
      meaning: 'Changes left the feed, after seven days, before a destination was told of them.',
      runbook: 'changes-were-lost-to-a-destination',
    });
  }
}
