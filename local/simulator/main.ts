/**
 * `npm run simulate -- --seeds N [--from S] [--soak]`: runs worlds until one is wrong, and says which. With `--soak` each
 * world lasts 24 months. Seeds are shared out over the processors; each is a world of its own, the same on any of them.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { SeedOutcome, SeedsRequest } from './seeds-worker.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    soak: { type: 'boolean', default: false },
  },
});
const { soak } = values;
const [seeds, from] = [Number(values.seeds ?? (soak ? 1 : 100)), Number(values.from)];
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(from)) {
  console.error('usage: npm run simulate -- --seeds N [--from S] [--soak], N and S whole numbers, N at least 1');
  process.exit(2);
}

const PROBLEMS_SHOWN = 10;
/** Starting a thread costs more than some worlds. */
const SEEDS_PER_WORKER_MIN = 20;

let done = 0;
const failures: SeedOutcome[] = [];

function note(outcome: SeedOutcome): void {
  done += 1;
  if (outcome.problems.length > 0) failures.push(outcome);
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds} seeds`);
}

/** Seeds are handed out in order, so none below the first failing one is left out. */
async function runAll(): Promise<void> {
  const next = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const count = soak ? seeds : Math.ceil(seeds / SEEDS_PER_WORKER_MIN);
  const workers = Array.from({ length: Math.min(availableParallelism(), count) }, () => {
    const workerData: SeedsRequest = { from, seeds, soak, next };
    const worker = new Worker(new URL('./seeds-worker.ts', import.meta.url), { workerData });
    worker.on('message', note);
    return new Promise<void>((resolve, reject) => worker.on('exit', () => resolve()).on('error', reject));
  });
  await Promise.all(workers);
}

await runAll();
if (process.stderr.isTTY) process.stderr.write('\r');
const [first] = failures.sort((left, right) => left.seed - right.seed);
if (first !== undefined) {
  console.log(first.problems.slice(0, PROBLEMS_SHOWN).join('\n'));
  console.log(
    `seed ${first.seed} failed; again: npm run simulate -- --seeds 1 --from ${first.seed}${soak ? ' --soak' : ''}`,
  );
  console.log(`${done} seeds, ${failures.length} failed`);
  process.exit(1);
}
console.log(`${seeds} seeds, 0 failed`);
