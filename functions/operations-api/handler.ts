import { randomBytes } from 'node:crypto';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoJointStore } from '#shared/aws/dynamodb-joint-store.ts';
import { DynamoProfileScan } from '#shared/aws/dynamodb-profile-scan.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { KinesisEventWriter } from '#shared/aws/kinesis-event-writer.ts';
import { S3FailedBatches } from '#shared/aws/s3-failed-batches.ts';
import { S3ParkingLot } from '#shared/aws/s3-parking-lot.ts';
import { S3Quarantine } from '#shared/aws/s3-quarantine.ts';
import { S3RefusedLinks } from '#shared/aws/s3-refused-links.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { secretReader } from '#shared/aws/secret.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { profileIdAt } from '#shared/profile/identity-graph.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import { operationsApi } from './operations-api.ts';
import type { OperationsPorts } from './ports.ts';

const values = readEnv(env);
const retentionMs = values.RETENTION_DAYS * 86_400_000;

const tables = {
  profiles: values.PROFILES_TABLE,
  identities: values.IDENTITIES_TABLE,
  secret: secretReader(values.IDENTITY_KEY_SECRET),
};

const ports: OperationsPorts = {
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  history: new DynamoHistoryStore(values.HISTORY_TABLE, retentionMs),
  rules: new CachedRulesStore(
    new DynamoControlStore(values.CONTROL_TABLE),
    new S3RulesArtifactStore(values.BUCKET_NAME),
  ),
  joint: new DynamoJointStore(tables),
  newProfileId: () => profileIdAt(Date.now(), randomBytes(7)),
  parked: new S3ParkingLot(values.BUCKET_NAME),
  refusedLinks: new S3RefusedLinks(values.BUCKET_NAME),
  rejected: new S3Quarantine(values.BUCKET_NAME),
  failedBatches: new S3FailedBatches(values.BUCKET_NAME),
  scan: new DynamoProfileScan(values.PROFILES_TABLE),
  stream: new KinesisEventWriter(values.EVENT_STREAM),
  now: () => Date.now(),
  retentionMs,
  dueShards: values.DUE_SHARDS,
};

export const handler = httpHandler(operationsApi(ports, controlGuard(values.CONTROL_TABLE)), {
  telemetry: createTelemetry('operations-api'),
});
