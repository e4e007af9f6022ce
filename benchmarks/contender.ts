/** One contender of a race, in a process of its own: what others compile and collect must not slow it down. */
import { createHash } from 'node:crypto';
import { cpuMicroseconds } from './measure.ts';
import type { Contender, Entry, Lap, Order } from './race.ts';
import { prepareBatch } from './suites/batch-contenders.ts';
import { prepareEvaluator } from './suites/evaluator-contenders.ts';
import { prepareWindows } from './suites/windows-contenders.ts';
import { loadWorkload } from './workload/workload.ts';

const PREPARE = {
  evaluator: prepareEvaluator,
  windows: prepareWindows,
  'batch attributes': prepareBatch,
  'batch windows': prepareBatch,
} as const;

async function main(): Promise<void> {
  const entry = JSON.parse(process.argv[2] as string) as Entry;
  const workload = await loadWorkload(entry.workloadPath);
  const contender = await PREPARE[entry.suite](entry, workload);
  let step = 0;
  const answer = async ({ answers, microseconds }: Order): Promise<string | Lap> => {
    if (answers !== undefined) {
      const digest = await digestOf(contender, step, answers);
      step += answers;
      return digest;
    }
    const lap = await runLap(contender, step, microseconds);
    step += lap.steps;
    return lap;
  };
  process.on('message', (order: Order) => {
    answer(order).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ problem: (error as Error).stack }),
    );
  });
  process.send?.({ result: 'ready' });
}

async function digestOf({ step, answer }: Contender, from: number, count: number): Promise<string> {
  const hash = createHash('sha256');
  for (let index = from; index < from + count; index++) {
    await step(index);
    hash.update(await answer(index));
  }
  return hash.digest('hex');
}

/** As many events as take at least so long, one at the very least. */
async function runLap({ step, changes, perStep = 1 }: Contender, from: number, microseconds: number): Promise<Lap> {
  const [before, changesBefore] = [cpuMicroseconds(), changes()];
  let steps = 0;
  for (let chunk = 1, spent = 0; spent < microseconds; chunk = Math.min(chunk * 2, 256)) {
    for (let left = chunk; left > 0; left--) {
      const pending = step(from + steps++);
      if (pending !== undefined) await pending;
    }
    spent = cpuMicroseconds() - before;
  }
  return {
    steps,
    events: steps * perStep,
    changes: changes() - changesBefore,
    microseconds: cpuMicroseconds() - before,
  };
}

await main();
