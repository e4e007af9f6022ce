import { KinesisEventWriter } from '#shared/aws/kinesis-event-writer.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { collectEvents } from './collect-events.ts';
import { env } from './env.ts';

const writer = new KinesisEventWriter(readEnv(env).EVENT_STREAM);

export const handler = httpHandler(collectEvents({ writer, now: () => Date.now() }), {
  telemetry: createTelemetry('collect-events'),
});
