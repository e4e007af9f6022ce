import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { peoplePorts } from '#shared/lambda/people-ports.ts';
import { type CollectInput, collectTrainingRows } from './collect-training-rows.ts';
import { env } from './env.ts';

const values = readEnv(env);

const ports = {
  ...peoplePorts(values),
  store: new DynamoPropensityStore(values.CONTROL_TABLE),
  files: new S3PropensityFiles(values.BUCKET_NAME),
};

export const handler = (input: CollectInput) => collectTrainingRows(input, ports);
