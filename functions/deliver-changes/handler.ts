import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeliveryMessage } from '#shared/activation/delivery-lane.ts';
import { DynamoChangeReader } from '#shared/aws/dynamodb-change-reader.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoDeliveryLanes } from '#shared/aws/dynamodb-delivery-lanes.ts';
import { DynamoDestinationStore } from '#shared/aws/dynamodb-destination-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { SqsDeliveryQueue } from '#shared/aws/sqs-delivery-queue.ts';
import { carriersFrom, deliverBy } from '#shared/lambda/destination-carriers.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { deliverChanges } from './deliver-changes.ts';
import { env } from './env.ts';
import { observeBy } from './observe.ts';
import type { DeliverPorts } from './ports.ts';
import { attributesReader, optOutsReader, restrictionsReader } from './readers.ts';

const values = readEnv(env);
const telemetry = createTelemetry('deliver-changes');
const now = () => Date.now();
const retentionMs = values.RETENTION_DAYS * 86_400_000;
const rules = new CachedRulesStore(
  new DynamoControlStore(values.CONTROL_TABLE),
  new S3RulesArtifactStore(values.BUCKET_NAME),
);
const profiles = new DynamoProfileStore(values.PROFILES_TABLE);
const history = new DynamoHistoryStore(values.HISTORY_TABLE, retentionMs);

const ports: DeliverPorts = {
  destinations: new DynamoDestinationStore(values.CONTROL_TABLE),
  lanes: new DynamoDeliveryLanes(values.CONTROL_TABLE),
  queue: new SqsDeliveryQueue(values.DELIVERY_QUEUE_URL),
  feed: new DynamoChangeReader(values.CHANGES_TABLE, now) as unknown as DeliverPorts['feed'],
  optOuts: optOutsReader({ profiles }),
  attributes: attributesReader({ profiles, history, rules, retentionMs, now }),
  restrictions: restrictionsReader({ rules, schemas: new DynamoSchemaStore(values.CONTROL_TABLE) }),
  deliver: deliverBy(carriersFrom(values, now)),
  observe: observeBy(telemetry),
  now,
  chance: () => Math.random(),
};

export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) => {
  const failures = await Promise.all(Records.map(handle));
  telemetry.flush();
  return { batchItemFailures: failures.flat() };
});

/** What fails by our own trouble is hidden for a while, and comes again by itself. */
async function handle({ messageId, body }: SQSRecord) {
  try {
    await deliverChanges(JSON.parse(body) as DeliveryMessage, ports);
    return [];
  } catch (error) {
    telemetry.logger.warn('a delivery will be taken up again', { messageId, error: error as Error });
    return [{ itemIdentifier: messageId }];
  }
}
