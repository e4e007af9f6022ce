import { setTimeout as sleep } from 'node:timers/promises';
import middy from '@middy/core';
import { DynamoErasureJobs } from '#shared/aws/dynamodb-erasure-jobs.ts';
import { DynamoErasureOrders } from '#shared/aws/dynamodb-erasure-orders.ts';
import { DynamoIdentityStore } from '#shared/aws/dynamodb-identity-store.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { KinesisWakeUps } from '#shared/aws/kinesis-wake-ups.ts';
import { personalStores } from '#shared/aws/personal-stores.ts';
import { secretReader } from '#shared/aws/secret.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry, METRICS } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { type ErasePorts, eraseProfiles } from './erase-profiles.ts';

const values = readEnv(env);
const telemetry = createTelemetry('erase-profiles');
const wakeUps = new KinesisWakeUps(values.EVENT_STREAM);
const PAUSE_MS = 2_000;
/** Ends shortly before the next start. */
const LOOP_MS = 50_000;

const ports: ErasePorts = {
  jobs: new DynamoErasureJobs(values.CONTROL_TABLE),
  identities: new DynamoIdentityStore(values.IDENTITIES_TABLE, secretReader(values.IDENTITY_KEY_SECRET)),
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  orders: new DynamoErasureOrders(values.PROFILES_TABLE),
  wakeUp: (key) => wakeUps.send('erasure', [key]),
  stores: personalStores({
    profiles: values.PROFILES_TABLE,
    history: values.HISTORY_TABLE,
    changes: values.CHANGES_TABLE,
    control: values.CONTROL_TABLE,
    bucket: values.BUCKET_NAME,
    feedShards: values.FEED_SHARDS,
    retentionMs: values.RETENTION_DAYS * 86_400_000,
  }),
  now: () => Date.now(),
  quietMs: values.QUIET_SECONDS * 1000,
  pause: () => sleep(PAUSE_MS),
  failed: (error) => {
    telemetry.count(METRICS.erasuresFailed);
    telemetry.logger.error('an erasure failed and is tried again', { error: (error as Error).name });
  },
};

export const handler = middy<unknown, void>().handler(async () => {
  await eraseProfiles(ports, Date.now() + LOOP_MS);
  telemetry.flush();
});
