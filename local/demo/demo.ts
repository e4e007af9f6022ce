/** The demo: events go in through Kinesis, changes are read from the feed by cursor, as any customer's program would. */

import { seededRandom } from '#shared/kernel/seeded-random.ts';
import { type Change, ShoalClient } from '../client.ts';
import type { LocalFile } from '../local-file.ts';
import { COLOURED, formatChange, HEADER, type Paint, PLAIN } from './line.ts';
import { ensureSegments } from './segments.ts';
import { customerRecord } from './shop.ts';
import { type Act, Crowd, SHOPPERS } from './shoppers.ts';

const SEED = 4711;
const ACT_EVERY_MS = 450;
const LOOK_EVERY_MS = 100;
const FAILURE_PAUSE_MS = 2_000;

export interface Demo {
  stop(): void;
}

/** What was put last for each shopper, and when by this thread's clock. */
type LastActs = Map<string, { readonly act: Act; readonly putAt: number }>;

export function startDemo(local: LocalFile, print: (line: string) => void): Demo {
  const client = new ShoalClient(local);
  const acts: LastActs = new Map();
  const stopping = new AbortController();
  run(client, acts, { print, signal: stopping.signal }).catch((error: unknown) => {
    if (!stopping.signal.aborted) print(`the demo ended: ${error}`);
  });
  return {
    stop: () => {
      stopping.abort();
      client.close();
    },
  };
}

interface Stage {
  print(line: string): void;
  readonly signal: AbortSignal;
}

async function run(client: ShoalClient, acts: LastActs, stage: Stage): Promise<void> {
  for (const line of ['', ...HEADER, '']) stage.print(line);
  const segments = await ensureSegments(client);
  const { next } = await client.allChanges();
  await Promise.all([actForever(client, acts, stage.signal), showForever(client, acts, { ...stage, segments, next })]);
}

async function actForever(client: ShoalClient, acts: LastActs, signal: AbortSignal): Promise<void> {
  const random = seededRandom(SEED).next;
  await client.put(SHOPPERS.map((one) => ({ partitionKey: one.email, body: customerRecord(one, random) })));
  const crowd = new Crowd(random);
  while (!signal.aborted) {
    const act = crowd.act(Date.now());
    acts.set(act.shopper.email, { act, putAt: Date.now() });
    await client.put([{ partitionKey: act.shopper.email, body: act.event }]);
    await pause(ACT_EVERY_MS);
  }
}

interface Watched extends Stage {
  readonly segments: ReadonlySet<string>;
  readonly next: string | undefined;
}

async function showForever(client: ShoalClient, acts: LastActs, watched: Watched): Promise<void> {
  const { print, signal, segments } = watched;
  const paint = process.stdout.isTTY && !process.env.NO_COLOR ? COLOURED : PLAIN;
  let next = watched.next;
  while (!signal.aborted) {
    try {
      const page = await client.changes(next, 100);
      next = page.next;
      for (const change of page.changes.filter(isNews))
        if (segments.has(change.segmentId)) print(show(change, acts, paint));
      await pause(LOOK_EVERY_MS);
    } catch (error) {
      if (signal.aborted) return;
      print(`the feed could not be read, trying again: ${(error as Error).message}`);
      await pause(FAILURE_PAUSE_MS);
    }
  }
}

/** What is only told again happened before. */
const isNews = ({ repeated }: Change) => repeated === undefined;

function show(change: Change, acts: LastActs, paint: Paint): string {
  const email = change.identities[0]?.id ?? '';
  const name = SHOPPERS.find((shopper) => shopper.email === email)?.name ?? email;
  const last = acts.get(email);
  const since = change.cause === 'event' && last ? last.putAt : Date.parse(change.time);
  return formatChange({ change, name, did: last?.act.did ?? 'something', latencyMs: Date.now() - since }, paint);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
