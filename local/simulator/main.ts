/** `npm run simulate -- --seeds N [--from S]`: runs worlds until one is wrong, and says which. */
import { parseArgs } from 'node:util';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
});
const [seeds, from] = [Number(values.seeds), Number(values.from)];
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(from)) {
  console.error('usage: npm run simulate -- --seeds N [--from S], both whole numbers, N at least 1');
  process.exit(2);
}

for (let seed = from; seed < from + seeds; seed++) {
  const problems = await simulate(seed).catch((error: unknown) => [String((error as Error).stack)]);
  if (problems.length > 0) {
    console.log(problems.slice(0, 10).join('\n'));
    console.log(`seed ${seed} failed; again: npm run simulate -- --seeds 1 --from ${seed}`);
    console.log(`${seed - from + 1} seeds, 1 failed`);
    process.exit(1);
  }
  if (process.stdout.isTTY && seed % 20 === 0) process.stdout.write(`\r${seed - from + 1} of ${seeds} seeds`);
}
if (process.stdout.isTTY) process.stdout.write('\r');
console.log(`${seeds} seeds, 0 failed`);
