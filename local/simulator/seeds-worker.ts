/** Takes one seed after the other from a counter that all workers share, until they are used up or one has failed. */
import { parentPort, workerData } from 'node:worker_threads';
import { TWENTY_FOUR_MONTHS } from './scenario.ts';
import { simulate } from './simulation.ts';

export interface SeedsRequest {
  readonly from: number;
  readonly seeds: number;
  readonly soak: boolean;
  readonly next: SharedArrayBuffer;
}

export interface SeedOutcome {
  readonly seed: number;
  readonly problems: readonly string[];
}

const { from, seeds, soak, next } = workerData as SeedsRequest;
const counter = new Int32Array(next);

for (let index = Atomics.add(counter, 0, 1); index < seeds; index = Atomics.add(counter, 0, 1)) {
  const seed = from + index;
  const problems = await simulate(seed, soak ? { size: TWENTY_FOUR_MONTHS } : {}).catch((error: unknown) => [
    String((error as Error).stack),
  ]);
  parentPort?.postMessage({ seed, problems } satisfies SeedOutcome);
  // Whoever has a smaller seed in hand finishes it.
  if (problems.length > 0) Atomics.store(counter, 0, seeds);
}
