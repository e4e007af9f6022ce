import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import type { EnvValues } from '#shared/lambda/env.ts';
import { schemaReader } from '#shared/lambda/people-ports.ts';
import { TRAIN_DEFAULTS } from '#shared/propensity/train-model.ts';
import type { env } from './env.ts';
import type { TrainPorts } from './train-propensity.ts';

/** The same in the function and in the container; only how much they take in differs. */
export const trainPorts = (values: EnvValues<typeof env>): TrainPorts => ({
  store: new DynamoPropensityStore(values.CONTROL_TABLE),
  files: new S3PropensityFiles(values.BUCKET_NAME),
  schemas: schemaReader(values.CONTROL_TABLE),
  training: { ...TRAIN_DEFAULTS, rowsMax: values.TRAINING_ROWS_MAX },
  now: () => Date.now(),
});
