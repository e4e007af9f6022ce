import { setTimeout } from 'node:timers/promises';
import middy from '@middy/core';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { DynamoFieldStore } from '#shared/aws/dynamodb-field-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { observeBatch } from './observe-batch.ts';
import type { ObservePorts, StreamRecord } from './ports.ts';

const { CONTROL_TABLE } = readEnv(env);
const { logger } = createTelemetry('observe-fields');
const PAUSE_MS = 20;

const ports: ObservePorts = {
  fields: new DynamoFieldStore(CONTROL_TABLE),
  schemas: new DynamoSchemaStore(CONTROL_TABLE),
  now: () => Date.now(),
  pause: (attempt) => setTimeout(Math.random() * PAUSE_MS * 2 ** Math.min(attempt, 6)),
};

/** `eventID` is `shardId-000000000006:49590338271490256608559692538361571095921575989136588898`. */
const streamRecord = ({ eventID, kinesis }: KinesisStreamRecord): StreamRecord => ({
  shardId: eventID.split(':', 1)[0] as string,
  sequenceNumber: kinesis.sequenceNumber,
  data: Buffer.from(kinesis.data, 'base64'),
  arrival: Math.round(kinesis.approximateArrivalTimestamp * 1000),
});

export const handler = middy<KinesisStreamEvent, void>().handler(async ({ Records }) => {
  logger.info('fields observed', { ...(await observeBatch(Records.map(streamRecord), ports)) });
});
