import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { DynamoDueIndex } from '#shared/aws/dynamodb-due-index.ts';
import { DynamoLease } from '#shared/aws/dynamodb-lease.ts';
import { KinesisTimers } from '#shared/aws/kinesis-timers.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry, METRICS } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { SentTimers, sweepDue } from './sweep-due.ts';

const { PROFILES_TABLE, CONTROL_TABLE, EVENT_STREAM, DUE_SHARDS } = readEnv(env);
const SWEEP_EVERY_MS = 5_000;
/** How often a process that waits for the lease asks for it. */
const ASK_EVERY_MS = 1_000;
/** Ends shortly before the next scheduled start. */
const LOOP_MS = 58_000;
/** Outlasts the pause between two sweeps, and no more: whoever takes over must not wait long. */
const LEASE_MS = 6_500;

const telemetry = createTelemetry('sweep-due');
const index = new DynamoDueIndex(PROFILES_TABLE);
const lease = new DynamoLease(CONTROL_TABLE, 'sweep-due');
const timers = new KinesisTimers(EVENT_STREAM);
const holder = randomUUID();
const sent = new SentTimers();

const ports = {
  findDue: index.find.bind(index),
  sendTimers: timers.send.bind(timers),
  now: () => Date.now(),
};

/** False where another process holds the lease. */
async function sweepOnce(): Promise<boolean> {
  const now = Date.now();
  if (!(await lease.acquire(holder, now, now + LEASE_MS))) return false;
  const sweep = await sweepDue(DUE_SHARDS, sent, ports);
  telemetry.count(METRICS.timersSent, sweep.sent);
  telemetry.milliseconds(METRICS.timerLatenessMs, sweep.latenessMs);
  telemetry.flush();
  return true;
}

export const handler = middy<unknown, void>().handler(async (_event: unknown, context: Context) => {
  const started = Date.now();
  const lasting = Math.min(LOOP_MS, context.getRemainingTimeInMillis() - SWEEP_EVERY_MS);
  do {
    const pause = (await sweepOnce()) ? SWEEP_EVERY_MS : ASK_EVERY_MS;
    await sleep(pause);
  } while (Date.now() - started < lasting);
});
