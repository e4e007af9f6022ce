import { DynamoWriteKeys } from '#shared/aws/dynamodb-write-keys.ts';
import { KinesisEventWriter } from '#shared/aws/kinesis-event-writer.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { openHttpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { KnownKeys } from './known-keys.ts';
import type { TrackPorts } from './ports.ts';
import { trackApi } from './track-api.ts';

const values = readEnv(env);
const telemetry = createTelemetry('track-api');
const now = () => Date.now();

const ports: TrackPorts = {
  keys: new KnownKeys(new DynamoWriteKeys(values.CONTROL_TABLE), now),
  writer: new KinesisEventWriter(values.EVENT_STREAM),
  logger: telemetry.logger,
  now,
};

export const handler = openHttpHandler((request) => trackApi(request, ports), telemetry);
