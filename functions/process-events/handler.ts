import { randomBytes } from 'node:crypto';
import middy from '@middy/core';
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoErasureOrders } from '#shared/aws/dynamodb-erasure-orders.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoIdentityStore } from '#shared/aws/dynamodb-identity-store.ts';
import { DynamoJointStore } from '#shared/aws/dynamodb-joint-store.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { S3ParkingLot } from '#shared/aws/s3-parking-lot.ts';
import { S3Quarantine } from '#shared/aws/s3-quarantine.ts';
import { S3RefusedLinks } from '#shared/aws/s3-refused-links.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { secretReader } from '#shared/aws/secret.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { IDENTITIES_PER_PROFILE_MAX, profileIdAt } from '#shared/profile/identity-graph.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import type { Ports, StreamRecord } from './ports.ts';
import { processEvents } from './process-events.ts';
import { report } from './report.ts';

const values = readEnv(env);
const settings = {
  retentionMs: values.RETENTION_DAYS * 86_400_000,
  dueShards: values.DUE_SHARDS,
  identitiesMax: IDENTITIES_PER_PROFILE_MAX,
};
const telemetry = createTelemetry('process-events');

const secret = secretReader(values.IDENTITY_KEY_SECRET);
const tables = { profiles: values.PROFILES_TABLE, identities: values.IDENTITIES_TABLE, secret };

const ports: Ports = {
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  history: new DynamoHistoryStore(values.HISTORY_TABLE, settings.retentionMs),
  identities: new DynamoIdentityStore(values.IDENTITIES_TABLE, secret),
  joint: new DynamoJointStore(tables),
  erasures: new DynamoErasureOrders(values.PROFILES_TABLE),
  rules: new CachedRulesStore(
    new DynamoControlStore(values.CONTROL_TABLE),
    new S3RulesArtifactStore(values.BUCKET_NAME),
  ),
  quarantine: new S3Quarantine(values.BUCKET_NAME),
  parking: new S3ParkingLot(values.BUCKET_NAME),
  refusedLinks: new S3RefusedLinks(values.BUCKET_NAME),
  newProfileId: () => profileIdAt(Date.now(), randomBytes(7)),
  now: () => Date.now(),
};

const streamRecord = ({ kinesis }: KinesisStreamRecord): StreamRecord => ({
  sequenceNumber: kinesis.sequenceNumber,
  data: Buffer.from(kinesis.data, 'base64'),
  arrival: Math.round(kinesis.approximateArrivalTimestamp * 1000),
});

export const handler = middy<KinesisStreamEvent, KinesisStreamBatchResponse>().handler(async ({ Records }) => {
  const result = await processEvents(Records.map(streamRecord), ports, settings);
  report(result, telemetry);
  return { batchItemFailures: result.failures.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
});
