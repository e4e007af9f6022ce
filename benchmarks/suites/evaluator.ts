/** Time per update of a profile to know which of N definitions over attributes changed: Shoal and what npm has for it. */
import { round } from '../measure.ts';
import { type Entry, race, type Timing } from '../race.ts';
import type { Suite } from '../suite.ts';
import { CONTENDERS, OURS } from './evaluator-contenders.ts';

const COUNTS = [10, 100, 1000, 10_000];
const TARGETS = { timesBestPeerAt1000: 30, costFrom10To10000: 10 };

export const evaluator: Suite = async ({ segments, seed, workloadPath, progress }) => {
  const figures: Record<string, object> = {};
  const steady = new Map<number, number>();
  for (const count of segments === undefined ? COUNTS : [segments]) {
    const entries = CONTENDERS.map(
      (name): Entry => ({ suite: 'evaluator', name, segments: count, seed, workloadPath }),
    );
    const timings = await race(entries, answersAt(count));
    figures[count] = compare(timings);
    steady.set(count, (timings.get(OURS) as Timing).microsecondsSteady);
    progress(`${count} definitions: ${JSON.stringify(figures[count])}`);
  }
  const [least, most] = [steady.get(10), steady.get(10_000)];
  const growth = least === undefined || most === undefined ? undefined : round(most / least);
  return { unit: 'microseconds per event', targets: TARGETS, figures, costFrom10To10000: growth };
};

/** A peer that takes a fifth of a second for an event must not hold up the race for its answers. */
const answersAt = (count: number) => Math.max(4, Math.min(64, Math.floor(20_000 / count)));

function compare(timings: ReadonlyMap<string, Timing>) {
  const ours = timings.get(OURS) as Timing;
  const peers = [...timings].filter(([name]) => !name.startsWith('shoal'));
  const best = (field: keyof Timing) => Math.min(...peers.map(([, timing]) => timing[field]));
  return {
    ...Object.fromEntries(timings),
    timesBestPeer: {
      warm: round(best('microsecondsWarm') / ours.microsecondsWarm),
      steady: round(best('microsecondsSteady') / ours.microsecondsSteady),
    },
  };
}
