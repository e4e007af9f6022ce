import { setTimeout as pause } from 'node:timers/promises';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { DynamoBatchResults } from '#shared/aws/dynamodb-batch-results.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoProfileRanges } from '#shared/aws/dynamodb-profile-ranges.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { DynamoTokenBucket } from '#shared/aws/dynamodb-token-bucket.ts';
import { KinesisWakeUps } from '#shared/aws/kinesis-wake-ups.ts';
import { S3ExportFiles } from '#shared/aws/s3-export-files.ts';
import { S3JobFiles } from '#shared/aws/s3-job-files.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { Throttle } from '#shared/batch/token-bucket.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import { evaluateRange, type RangeInput, type RangeOutput } from './evaluate-range.ts';
import type { RangePorts, RangeSettings } from './ports.ts';

const values = readEnv(env);
const now = () => Date.now();
const telemetry = createTelemetry('evaluate-range');
const settings: RangeSettings = {
  retentionMs: values.RETENTION_DAYS * 86_400_000,
  profilesPerSlice: 10_000,
  itemsPerPage: 300,
};
/** What is left for the page in hand and for keeping what was found. */
const END_MS = 60_000;
/** Asked for about once a second, however many processes share the rate. */
const SHARE = 50;

function throttle(name: string, unitsPerSecond: number): Throttle {
  const bucket = new DynamoTokenBucket(values.CONTROL_TABLE, name, { unitsPerSecond, burstSeconds: 1 }, now);
  return new Throttle(bucket, unitsPerSecond / SHARE, async (ms) => {
    await pause(ms);
  });
}

const ports: Omit<RangePorts, 'mustEnd'> = {
  jobs: new DynamoJobStore(values.CONTROL_TABLE, now),
  files: new S3JobFiles(values.BUCKET_NAME),
  rules: new CachedRulesStore(
    new DynamoControlStore(values.CONTROL_TABLE),
    new S3RulesArtifactStore(values.BUCKET_NAME),
  ),
  ranges: new DynamoProfileRanges(values.PROFILES_TABLE),
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  history: new DynamoHistoryStore(values.HISTORY_TABLE, settings.retentionMs),
  results: new DynamoBatchResults(values.PROFILES_TABLE),
  exports: new S3ExportFiles(values.BUCKET_NAME),
  wakeUps: new KinesisWakeUps(values.EVENT_STREAM),
  reads: throttle('batch-reads', values.READ_UNITS_PER_SECOND),
  sends: throttle('batch-wake-ups', values.WAKE_UPS_PER_SECOND),
  now,
  nanoseconds: () => process.hrtime.bigint(),
};

export const handler = middy<RangeInput, RangeOutput>().handler(async (input: RangeInput, context: Context) => {
  const mustEnd = () => context.getRemainingTimeInMillis() < END_MS;
  const output = await evaluateRange(input, { ...ports, mustEnd }, settings);
  const { sandboxName, jobId, range } = input;
  telemetry.logger.info('range evaluated', { sandboxName, jobId, range, isDone: output.next === null });
  return output;
});
