import { randomInt } from 'node:crypto';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { EXPORT_PREFIX, S3ExportFiles } from '#shared/aws/s3-export-files.ts';
import { S3JobFiles } from '#shared/aws/s3-job-files.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { StateMachineJobs } from '#shared/aws/state-machine-jobs.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import { exportsApi } from './exports-api.ts';
import type { ExportPorts } from './ports.ts';

const { CONTROL_TABLE, BUCKET_NAME, JOB_STATE_MACHINE } = readEnv(env);
const now = () => Date.now();
const ID_MAX = 2 ** 47;

const ports: ExportPorts = {
  jobs: new DynamoJobStore(CONTROL_TABLE, now),
  files: new S3JobFiles(BUCKET_NAME),
  exports: new S3ExportFiles(BUCKET_NAME),
  rules: new CachedRulesStore(new DynamoControlStore(CONTROL_TABLE), new S3RulesArtifactStore(BUCKET_NAME)),
  schemas: new DynamoSchemaStore(CONTROL_TABLE),
  executions: new StateMachineJobs(JOB_STATE_MACHINE),
  location: `s3://${BUCKET_NAME}/${EXPORT_PREFIX}`,
  newId: () => randomInt(1, ID_MAX),
  now,
};

export const handler = httpHandler(exportsApi(ports, controlGuard(CONTROL_TABLE)), {
  telemetry: createTelemetry('exports-api'),
});
