/** Time per event to know which of N definitions over windows and sequences changed: rows kept, against all events read again. */
import { round } from '../measure.ts';
import { type Entry, race, type Timing } from '../race.ts';
import type { Suite } from '../suite.ts';
import { OURS, RESCAN } from './windows-contenders.ts';

const COUNTS = [100, 1000, 10_000];
const TARGETS = { timesRescanAt1000: 150 };

export const windows: Suite = async ({ segments, seed, workloadPath, progress }) => {
  const figures: Record<string, object> = {};
  for (const count of segments === undefined ? COUNTS : [segments]) {
    const entries = [OURS, RESCAN].map(
      (name): Entry => ({ suite: 'windows', name, segments: count, seed, workloadPath }),
    );
    const timings = await race(entries, Math.max(10, Math.min(100, Math.floor(50_000 / count))));
    const [ours, rescan] = [timings.get(OURS) as Timing, timings.get(RESCAN) as Timing];
    const timesRescan = {
      warm: round(rescan.microsecondsWarm / ours.microsecondsWarm),
      steady: round(rescan.microsecondsSteady / ours.microsecondsSteady),
    };
    figures[count] = { ...Object.fromEntries(timings), timesRescan };
    progress(`${count} definitions: ${JSON.stringify(figures[count])}`);
  }
  return { unit: 'microseconds per event', targets: TARGETS, figures };
};
