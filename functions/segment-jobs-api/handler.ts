import { randomUUID } from 'node:crypto';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoSizeStore } from '#shared/aws/dynamodb-size-store.ts';
import { S3JobFiles } from '#shared/aws/s3-job-files.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { StateMachineJobs } from '#shared/aws/state-machine-jobs.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import type { JobPorts } from './ports.ts';
import { segmentJobsApi } from './segment-jobs-api.ts';

const { CONTROL_TABLE, BUCKET_NAME, JOB_STATE_MACHINE } = readEnv(env);
const now = () => Date.now();

const definitions = new DynamoControlStore(CONTROL_TABLE);

const ports: JobPorts = {
  jobs: new DynamoJobStore(CONTROL_TABLE, now),
  files: new S3JobFiles(BUCKET_NAME),
  sizes: new DynamoSizeStore(CONTROL_TABLE),
  rules: new CachedRulesStore(definitions, new S3RulesArtifactStore(BUCKET_NAME)),
  definitions,
  executions: new StateMachineJobs(JOB_STATE_MACHINE),
  newId: () => randomUUID(),
  now,
};

export const handler = httpHandler(segmentJobsApi(ports, controlGuard(CONTROL_TABLE)), {
  telemetry: createTelemetry('segment-jobs-api'),
});
