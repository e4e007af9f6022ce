import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { peoplePorts } from '#shared/lambda/people-ports.ts';
import type { RunKey } from '#shared/propensity/run.ts';
import { env } from './env.ts';
import { planPropensity } from './plan-propensity.ts';

const values = readEnv(env);

const ports = {
  ...peoplePorts(values),
  store: new DynamoPropensityStore(values.CONTROL_TABLE),
  files: new S3PropensityFiles(values.BUCKET_NAME),
  peopleMax: values.TRAINING_PEOPLE_MAX,
  clearingWaitMs: values.CLEARING_WAIT_SECONDS * 1000,
  now: () => Date.now(),
};

export const handler = (key: RunKey) => planPropensity(key, ports);
