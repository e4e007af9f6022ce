import { DynamoBatchResults } from '#shared/aws/dynamodb-batch-results.ts';
import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { KinesisWakeUps } from '#shared/aws/kinesis-wake-ups.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { peoplePorts } from '#shared/lambda/people-ports.ts';
import { env } from './env.ts';
import { type ScoreInput, scoreRange } from './score-range.ts';

const values = readEnv(env);

const ports = {
  ...peoplePorts(values),
  store: new DynamoPropensityStore(values.CONTROL_TABLE),
  files: new S3PropensityFiles(values.BUCKET_NAME),
  results: new DynamoBatchResults(values.PROFILES_TABLE),
  wakeUps: new KinesisWakeUps(values.EVENT_STREAM),
};

export const handler = (input: ScoreInput) => scoreRange(input, ports);
