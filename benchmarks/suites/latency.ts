/**
 * The whole service on this machine (`npm start -- --no-demo`): from sending an event to seeing the change in the feed,
 * and from the instant at which a membership ends to seeing that. A fifth of the events change something. Then, with no
 * events under way, reads one after the other.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startChildRunner } from '#local/child-runner.ts';
import { type Change, ShoalClient } from '#local/client.ts';
import { quantiles } from '../measure.ts';
import type { Suite } from '../suite.ts';
import { measureReads } from './latency-reads.ts';

const RATE = 100;
const WINDOW_SECONDS = 5;
/** Somebody who entered is left alone until they are out again, however late. */
const REST_SECONDS = 40;
const WARM_UP_MS = 5_000;
const MEASURED_MS = 20_000;
const TICK_MS = 20;
const POLL_MS = 10;
const PROBES_ONE_IN = 5;
const SEGMENTS = 1;
const TARGETS = { eventToChangeMsP99: 250, atEventsPerSecond: 500, exitLatenessMsP99: 15_000, readProfileMsP95: 100 };

interface Observed {
  readonly entered: number[];
  readonly exited: number[];
}

export const latency: Suite = async ({ rate = RATE, segments = SEGMENTS, progress }) => {
  const runner = await startChildRunner({ options: ['--no-demo'], onLine: progress });
  const client = new ShoalClient(runner.local);
  try {
    await define(client, segments);
    const observed = await observe(client, rate, progress);
    const reads = await measureReads(client, progress);
    return {
      unit: 'milliseconds',
      rate,
      segments,
      targets: TARGETS,
      figures: {
        eventToChange: { count: observed.entered.length, ...quantiles(observed.entered) },
        exitLateness: { count: observed.exited.length, ...quantiles(observed.exited) },
        ...reads,
      },
    };
  } finally {
    client.close();
    await runner.stop();
  }
};

async function define(client: ShoalClient, segments: number): Promise<void> {
  const isLately = `timestamp occurs <= ${WINDOW_SECONDS} seconds before now`;
  await client.createDefinition('lately', `xEvent[eventType = "probe" and ${isLately}].count() >= 1`);
  for (let index = 1; index < segments; index++) {
    const pql = `xEvent[eventType = "page" and page = "/p/${index}" and ${isLately}].count() >= 1`;
    await client.createDefinition(`page ${index}`, pql);
  }
}

async function observe(client: ShoalClient, rate: number, progress: (line: string) => void): Promise<Observed> {
  const sentAt = new Map<string, number>();
  const observed: Observed = { entered: [], exited: [] };
  const start = Date.now();
  const sending = { done: false };
  const watching = watch(client, sentAt, observed, { from: start + WARM_UP_MS, sending });
  await sendAtRate(client, rate, sentAt, start);
  progress(`sent ${rate} events a second; waiting for the last to leave`);
  await sleep((WINDOW_SECONDS + 15) * 1000);
  sending.done = true;
  await watching;
  return observed;
}

async function sendAtRate(
  client: ShoalClient,
  rate: number,
  sentAt: Map<string, number>,
  start: number,
): Promise<void> {
  const probes = Math.ceil((rate * REST_SECONDS) / PROBES_ONE_IN);
  const pending: Promise<void>[] = [];
  for (let sent = 0, now = start; now < start + WARM_UP_MS + MEASURED_MS; now = Date.now()) {
    const wanted = Math.floor(((now - start) / 1000) * rate);
    const records = [];
    for (; sent < wanted; sent++) {
      const isProbe = sent % PROBES_ONE_IN === 0;
      const id = isProbe ? `probe-${(sent / PROBES_ONE_IN) % probes}` : `visitor-${sent % 1000}`;
      if (isProbe) sentAt.set(id, now);
      records.push({ partitionKey: id, body: eventOf(id, isProbe ? 'probe' : 'page', sent, now) });
    }
    if (records.length > 0) pending.push(client.put(records));
    await sleep(TICK_MS);
  }
  await Promise.all(pending);
}

const eventOf = (id: string, eventType: string, index: number, now: number) => ({
  _id: `e-${index}-${now}`,
  timestamp: now,
  eventType,
  page: '/other',
  identityMap: { CRMID: [{ id, primary: true }] },
});

interface Watch {
  /** Changes before it are of the warm-up. */
  readonly from: number;
  readonly sending: { readonly done: boolean };
}

async function watch(
  client: ShoalClient,
  sentAt: ReadonlyMap<string, number>,
  { entered, exited }: Observed,
  { from, sending }: Watch,
): Promise<void> {
  let cursor: string | undefined;
  while (!sending.done) {
    const { changes, next } = await client.allChanges(cursor);
    const seen = Date.now();
    cursor = next;
    for (const change of changes) {
      const since = change.status === 'realized' ? sentAt.get(identityOf(change)) : Date.parse(change.time);
      if (since === undefined || since < from) continue;
      (change.status === 'realized' ? entered : exited).push(seen - since);
    }
    await sleep(POLL_MS);
  }
}

const identityOf = ({ identities }: Change) => identities[0]?.id ?? '';
