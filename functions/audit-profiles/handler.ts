import { setTimeout as pause } from 'node:timers/promises';
import middy from '@middy/core';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoProfileRanges } from '#shared/aws/dynamodb-profile-ranges.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { DynamoPublishedSandboxes } from '#shared/aws/dynamodb-published-sandboxes.ts';
import { DynamoTokenBucket } from '#shared/aws/dynamodb-token-bucket.ts';
import { S3Objects } from '#shared/aws/s3-objects.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { Throttle } from '#shared/batch/token-bucket.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry, METRICS } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { type AuditPorts, auditProfiles } from './audit-profiles.ts';
import { env } from './env.ts';

const values = readEnv(env);
const now = () => Date.now();
const settings = { retentionMs: values.RETENTION_DAYS * 86_400_000, profilesPerSandbox: 200 };
const telemetry = createTelemetry('audit-profiles');
const rate = { unitsPerSecond: values.READ_UNITS_PER_SECOND, burstSeconds: 1 };
const bucket = new DynamoTokenBucket(values.CONTROL_TABLE, 'batch-reads', rate, now);

const ports: AuditPorts = {
  sandboxes: new DynamoPublishedSandboxes(values.CONTROL_TABLE),
  ranges: new DynamoProfileRanges(values.PROFILES_TABLE),
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  history: new DynamoHistoryStore(values.HISTORY_TABLE, settings.retentionMs),
  rules: new CachedRulesStore(
    new DynamoControlStore(values.CONTROL_TABLE),
    new S3RulesArtifactStore(values.BUCKET_NAME),
  ),
  reads: new Throttle(bucket, rate.unitsPerSecond / 50, async (ms) => {
    await pause(ms);
  }),
  findings: new S3Objects(values.BUCKET_NAME, 'audits/'),
  now,
  random: () => Math.random(),
};

export const handler = middy<unknown, void>().handler(async () => {
  const { audited, different } = await auditProfiles(ports, settings);
  telemetry.logger.info('profiles audited', { audited, different });
  telemetry.count(METRICS.profilesAudited, audited);
  telemetry.count(METRICS.auditDifferences, different);
  telemetry.flush();
});
