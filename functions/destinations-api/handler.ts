import { randomBytes, randomUUID } from 'node:crypto';
import { DynamoChangeReader } from '#shared/aws/dynamodb-change-reader.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoDeliveryLanes } from '#shared/aws/dynamodb-delivery-lanes.ts';
import { DynamoDestinationStore } from '#shared/aws/dynamodb-destination-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { secretReader } from '#shared/aws/secret.ts';
import { secretSeal } from '#shared/aws/secret-seal.ts';
import { SqsDeliveryQueue } from '#shared/aws/sqs-delivery-queue.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { carriersFrom, deliverBy } from '#shared/lambda/destination-carriers.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { destinationsApi } from './destinations-api.ts';
import { env } from './env.ts';
import type { DestinationPorts } from './ports.ts';

const values = readEnv(env);
const { CONTROL_TABLE, BUCKET_NAME } = values;
const now = () => Date.now();
const SECRET_BYTES = 32;

const ports: DestinationPorts = {
  destinations: new DynamoDestinationStore(CONTROL_TABLE),
  lanes: new DynamoDeliveryLanes(CONTROL_TABLE),
  queue: new SqsDeliveryQueue(values.DELIVERY_QUEUE_URL),
  feed: new DynamoChangeReader(values.CHANGES_TABLE, now),
  feedShards: values.FEED_SHARDS,
  rules: new CachedRulesStore(new DynamoControlStore(CONTROL_TABLE), new S3RulesArtifactStore(BUCKET_NAME)),
  schemas: new DynamoSchemaStore(CONTROL_TABLE),
  deliver: deliverBy(carriersFrom(values, now)),
  seal: secretSeal(secretReader(values.DESTINATION_KEY_SECRET)),
  streams: values.DESTINATION_STREAMS,
  queues: values.DESTINATION_QUEUES,
  webhooks: { allowsLocalhost: values.LOCAL_WEBHOOKS === 'true' },
  now,
  newId: randomUUID,
  newSecret: () => randomBytes(SECRET_BYTES).toString('base64url'),
};

export const handler = httpHandler(destinationsApi(ports, controlGuard(CONTROL_TABLE)), {
  telemetry: createTelemetry('destinations-api'),
});
