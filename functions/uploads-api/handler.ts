import { randomUUID } from 'node:crypto';
import { UPLOAD_BYTES_MAX } from '#shared/api/uploads.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { S3JobFiles } from '#shared/aws/s3-job-files.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { StateMachineJobs } from '#shared/aws/state-machine-jobs.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import type { UploadPorts } from './ports.ts';
import { uploadsApi } from './uploads-api.ts';

const { CONTROL_TABLE, BUCKET_NAME, JOB_STATE_MACHINE } = readEnv(env);
const now = () => Date.now();

const ports: UploadPorts = {
  jobs: new DynamoJobStore(CONTROL_TABLE, now),
  files: new S3JobFiles(BUCKET_NAME),
  rules: new CachedRulesStore(new DynamoControlStore(CONTROL_TABLE), new S3RulesArtifactStore(BUCKET_NAME)),
  executions: new StateMachineJobs(JOB_STATE_MACHINE),
  newId: () => randomUUID(),
  now,
};

export const handler = httpHandler(uploadsApi(ports, controlGuard(CONTROL_TABLE)), {
  telemetry: createTelemetry('uploads-api'),
  bodyBytesMax: UPLOAD_BYTES_MAX,
});
