import middy from '@middy/core';
import { DynamoBackfillStore } from '#shared/aws/dynamodb-backfill-store.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoSizeStore } from '#shared/aws/dynamodb-size-store.ts';
import { S3ExportFiles } from '#shared/aws/s3-export-files.ts';
import { S3JobFiles } from '#shared/aws/s3-job-files.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry, METRICS } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import { type FinishInput, type FinishOutput, type FinishPorts, finishJob } from './finish-job.ts';

const { CONTROL_TABLE, BUCKET_NAME } = readEnv(env);
const now = () => Date.now();
const telemetry = createTelemetry('finish-job');

const ports: FinishPorts = {
  jobs: new DynamoJobStore(CONTROL_TABLE, now),
  files: new S3JobFiles(BUCKET_NAME),
  rules: new CachedRulesStore(new DynamoControlStore(CONTROL_TABLE), new S3RulesArtifactStore(BUCKET_NAME)),
  exports: new S3ExportFiles(BUCKET_NAME),
  backfills: new DynamoBackfillStore(CONTROL_TABLE),
  sizes: new DynamoSizeStore(CONTROL_TABLE),
  now,
};

export const handler = middy<FinishInput, FinishOutput>().handler(async (input: FinishInput) => {
  const output = await finishJob(input, ports);
  const { sandboxName, kind, jobId } = input;
  telemetry.logger.info('job finished', { sandboxName, kind, jobId, status: output.status });
  telemetry.count(METRICS.jobsFailed, output.status === 'FAILED' ? 1 : 0);
  telemetry.flush();
  return output;
});
