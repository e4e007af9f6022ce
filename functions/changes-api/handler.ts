import { DynamoChangeReader } from '#shared/aws/dynamodb-change-reader.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { changesApi } from './changes-api.ts';
import { env } from './env.ts';

const { CHANGES_TABLE, FEED_SHARDS } = readEnv(env);
const reader = new DynamoChangeReader(CHANGES_TABLE, () => Date.now());

export const handler = httpHandler(changesApi({ reader, feedShards: FEED_SHARDS }), {
  telemetry: createTelemetry('changes-api'),
});
