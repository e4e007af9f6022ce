import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { env } from './env.ts';
import { type FinishInput, finishPropensity } from './finish-propensity.ts';

const values = readEnv(env);

const ports = {
  store: new DynamoPropensityStore(values.CONTROL_TABLE),
  files: new S3PropensityFiles(values.BUCKET_NAME),
  now: () => Date.now(),
};

export const handler = (input: FinishInput) => finishPropensity(input, ports);
