import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { DynamoChangeFeed } from '#shared/aws/dynamodb-change-feed.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoErasureOrders } from '#shared/aws/dynamodb-erasure-orders.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { EventBridgeChanges } from '#shared/aws/eventbridge-changes.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { SqsDeliveryQueue } from '#shared/aws/sqs-delivery-queue.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry, METRICS } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { identitiesReader, namesReader } from './lookups.ts';
import { publishChanges } from './publish-changes.ts';
import { profileChanges } from './stream-image.ts';

const values = readEnv(env);
const telemetry = createTelemetry('publish-changes');
const deliveries = new SqsDeliveryQueue(values.DELIVERY_QUEUE_URL);
const bus = new EventBridgeChanges(values.EVENT_BUS);

const ports = {
  names: namesReader(new DynamoControlStore(values.CONTROL_TABLE), new S3RulesArtifactStore(values.BUCKET_NAME)),
  identities: identitiesReader(
    new DynamoProfileStore(values.PROFILES_TABLE),
    new DynamoErasureOrders(values.PROFILES_TABLE),
  ),
  feed: new DynamoChangeFeed(values.CHANGES_TABLE, () => Date.now()),
  announce: bus.announce.bind(bus),
  wake: (sandboxName: string, shards: readonly number[]) => deliveries.send([{ kind: 'wake', sandboxName, shards }]),
};

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async ({ Records }) => {
  try {
    const published = await publishChanges(Records.flatMap(profileChanges), ports, values.FEED_SHARDS);
    telemetry.count(METRICS.changesPublished, published);
    return { batchItemFailures: [] };
  } catch (error) {
    telemetry.logger.warn('changes will be published again', { records: Records.length, error: error as Error });
    return { batchItemFailures: firstOf(Records) };
  } finally {
    telemetry.flush();
  }
});

/** Everything from the first record on is delivered again: the feed tells what it already holds. */
const firstOf = ([first]: readonly DynamoDBRecord[]) =>
  first?.dynamodb?.SequenceNumber ? [{ itemIdentifier: first.dynamodb.SequenceNumber }] : [];
