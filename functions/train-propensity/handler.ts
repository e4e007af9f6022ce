import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { schemaReader } from '#shared/lambda/people-ports.ts';
import type { RunKey } from '#shared/propensity/run.ts';
import { TRAIN_DEFAULTS } from '#shared/propensity/train-model.ts';
import { env } from './env.ts';
import { trainPropensity } from './train-propensity.ts';

const values = readEnv(env);

const ports = {
  store: new DynamoPropensityStore(values.CONTROL_TABLE),
  files: new S3PropensityFiles(values.BUCKET_NAME),
  schemas: schemaReader(values.CONTROL_TABLE),
  training: TRAIN_DEFAULTS,
  now: () => Date.now(),
};

export const handler = (key: RunKey) => trainPropensity(key, ports);
