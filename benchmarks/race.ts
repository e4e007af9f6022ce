/**
 * Contenders side by side: first their answers are compared, then they run lap by lap in turns, so that whatever slows
 * the machine down slows all of them down. Processor time, not wall clock.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { quantile, round } from './measure.ts';

export interface Entry {
  readonly suite: 'evaluator' | 'windows' | 'batch attributes' | 'batch windows';
  readonly name: string;
  readonly segments: number;
  readonly seed: number;
  readonly workloadPath: string | undefined;
}

/** Handles events by number, in order, without an end. */
export interface Contender {
  readonly step: (index: number) => Promise<void> | undefined;
  /** The memberships of the profile that the event was of, after it: the same text from every contender. */
  readonly answer: (index: number) => string | Promise<string>;
  /** How many memberships changed so far. */
  readonly changes: () => number;
  /** What one step handles: events, or profiles where they are looked at by the page. 1 without it. */
  readonly perStep?: number;
}

export interface Lap {
  readonly steps: number;
  readonly events: number;
  readonly changes: number;
  readonly microseconds: number;
}

export type Order = { readonly answers?: number; readonly microseconds: number };

export interface Timing {
  /** After 200 ms, as a function that was just started has it. */
  readonly microsecondsWarm: number;
  readonly microsecondsSteady: number;
  readonly changesPerEvent: number;
}

const WARM_UP_US = 200_000;
const LAP_US = 150_000;
const LAPS = 5;

interface Runner {
  readonly name: string;
  readonly child: ChildProcess;
  readonly laps: Lap[];
}

export async function race(entries: readonly Entry[], answers: number): Promise<ReadonlyMap<string, Timing>> {
  const runners: Runner[] = [];
  try {
    for (const entry of entries) runners.push(await start(entry));
    await compareAnswers(runners, answers);
    for (const { child } of runners) await send(child, { microseconds: WARM_UP_US });
    for (let lap = 0; lap <= LAPS; lap++) {
      for (const { child, laps } of runners) laps.push((await send(child, { microseconds: LAP_US })) as Lap);
    }
    return new Map(runners.map(({ name, laps }) => [name, timingOf(laps)]));
  } finally {
    for (const { child } of runners) child.kill();
  }
}

async function start(entry: Entry): Promise<Runner> {
  const child = fork(join(import.meta.dirname, 'contender.ts'), [JSON.stringify(entry)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await reply(child);
  return { name: entry.name, child, laps: [] };
}

function send(child: ChildProcess, order: Order): Promise<unknown> {
  const answer = reply(child);
  child.send(order);
  return answer;
}

async function reply(child: ChildProcess): Promise<unknown> {
  const message = await new Promise<{ readonly result?: unknown; readonly problem?: string }>((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a contender ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (received) => {
      child.off('exit', onExit);
      resolve(received as { readonly result?: unknown });
    });
  });
  if (message.problem !== undefined) throw new Error(message.problem);
  return message.result;
}

async function compareAnswers(runners: readonly Runner[], answers: number): Promise<void> {
  const digests = new Map<string, unknown>();
  for (const { name, child } of runners) digests.set(name, await send(child, { answers, microseconds: 0 }));
  const [[reference, expected] = []] = [...digests];
  for (const [name, digest] of digests) {
    if (digest !== expected) throw new Error(`${name} gives other answers than ${reference}: nothing is timed`);
  }
}

const perEvent = ({ events, microseconds }: Lap) => microseconds / events;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function timingOf([warm, ...steady]: readonly Lap[]): Timing {
  return {
    microsecondsWarm: round(perEvent(warm as Lap)),
    microsecondsSteady: round(quantile(steady.map(perEvent), 0.5)),
    changesPerEvent: round(sum(steady.map(({ changes }) => changes)) / sum(steady.map(({ events }) => events))),
  };
}
