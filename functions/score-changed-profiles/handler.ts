import middy from '@middy/core';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { DynamoBatchResults } from '#shared/aws/dynamodb-batch-results.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { KinesisWakeUps } from '#shared/aws/kinesis-wake-ups.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { peoplePorts } from '#shared/lambda/people-ports.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { readyModels } from './ready-models.ts';
import { scoreChangedProfiles } from './score-changed-profiles.ts';

const values = readEnv(env);
const telemetry = createTelemetry('score-changed-profiles');
const now = () => Date.now();
const people = peoplePorts(values);

const ports = {
  ...people,
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  models: readyModels({
    store: new DynamoPropensityStore(values.CONTROL_TABLE),
    files: new S3PropensityFiles(values.BUCKET_NAME),
    schemas: people.schemas,
    onUnreadable: (error) => telemetry.logger.error(error.message),
    now,
  }),
  results: new DynamoBatchResults(values.PROFILES_TABLE),
  wakeUps: new KinesisWakeUps(values.EVENT_STREAM),
  now,
};

export const handler = middy<DynamoDBStreamEvent, void>().handler(async ({ Records }) => {
  const changed = await scoreChangedProfiles(Records.flatMap(keyOf), ports);
  if (changed > 0) telemetry.logger.info('scores followed their profiles', { records: Records.length, changed });
});

function keyOf({ dynamodb }: DynamoDBRecord) {
  const pk = dynamodb?.Keys?.pk?.S;
  if (pk === undefined) return [];
  const at = pk.indexOf('#');
  return [{ sandboxName: pk.slice(0, at), profileId: pk.slice(at + 1) }];
}
