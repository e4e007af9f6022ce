import { randomBytes } from 'node:crypto';
import { DynamoBackfillStore } from '#shared/aws/dynamodb-backfill-store.ts';
import { DynamoErasureJobs } from '#shared/aws/dynamodb-erasure-jobs.ts';
import { DynamoGraphRebuilds } from '#shared/aws/dynamodb-graph-rebuilds.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { profileIdAt } from '#shared/profile/identity-graph.ts';
import { env } from './env.ts';
import type { PrivacyPorts } from './ports.ts';
import { privacyApi } from './privacy-api.ts';

const values = readEnv(env);

const ports: PrivacyPorts = {
  jobs: new DynamoErasureJobs(values.CONTROL_TABLE),
  rebuilds: new DynamoGraphRebuilds(values.CONTROL_TABLE),
  backfills: new DynamoBackfillStore(values.CONTROL_TABLE),
  newJobId: () => profileIdAt(Date.now(), randomBytes(7)),
  now: () => Date.now(),
  kept: { streamRetentionHours: values.STREAM_RETENTION_HOURS, logRetentionDays: values.LOG_RETENTION_DAYS },
};

export const handler = httpHandler(privacyApi(ports, controlGuard(values.CONTROL_TABLE)), {
  telemetry: createTelemetry('privacy-api'),
});
