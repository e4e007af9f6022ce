/** Profiles × segments a second of processor time: everybody against every definition, from scratch. */
import { loadDuckDb } from '../batch/duckdb.ts';
import { round } from '../measure.ts';
import { type Entry, race } from '../race.ts';
import type { Suite, SuiteOptions } from '../suite.ts';
import { ALONE, DUCKDB, GENERATED, JOB, SQLITE } from './batch-contenders.ts';

const COUNTS = { 'batch attributes': [10, 100, 1000], 'batch windows': [10, 100] } as const;
const TARGETS = {
  attributes: { timesDuckDbAt10: 3, timesDuckDbAt100: 3, timesBestPeerAt1000: 20 },
  windows: { timesDuckDbAt10: 2, timesDuckDbAt1000: 15 },
};

export const batch: Suite = async (options) => {
  const hasDuckDb = (await loadDuckDb()) !== undefined;
  const peers = [GENERATED, SQLITE, ...(hasDuckDb ? [DUCKDB] : [])];
  return {
    unit: 'profiles x segments per second of processor time',
    targets: TARGETS,
    attributes: await figuresOf('batch attributes', [JOB, ALONE, ...peers], options),
    windows: await figuresOf('batch windows', [JOB, ...peers], options),
  };
};

async function figuresOf(suite: keyof typeof COUNTS, names: readonly string[], options: SuiteOptions) {
  const { segments, seed, workloadPath, progress } = options;
  const figures: Record<string, object> = {};
  for (const count of segments === undefined ? COUNTS[suite] : [segments]) {
    const entries = names.map((name): Entry => ({ suite, name, segments: count, seed, workloadPath }));
    const timings = await race(entries, 1);
    const rates = new Map([...timings].map(([name, timing]) => [name, (count / timing.microsecondsSteady) * 1e6]));
    figures[count] = compare(rates);
    progress(`${suite}, ${count} definitions: ${JSON.stringify(figures[count])}`);
  }
  return figures;
}

/** How many times as fast Shoal is; below 1 the other one is faster. */
function compare(rates: ReadonlyMap<string, number>) {
  const ours = rates.get(JOB) as number;
  const rounded = [...rates].map(([name, rate]) => [name, round(rate)] as const);
  const others = [...rates].filter(([name]) => name !== JOB);
  const times = others.map(([name, rate]) => [name, round(ours / rate)] as const);
  return { ...Object.fromEntries(rounded), times: Object.fromEntries(times) };
}
