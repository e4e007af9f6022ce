/**
 * The production functions under seeded faults (local/simulator): what is stored, published and read at the end is what
 * the oracle says. `npm run simulate -- --seeds N` runs more. What a seed found
 * stays as an example of its own in regressions.test.ts.
 */
import { expect, test } from 'vitest';
import { UNCONDITIONAL_WRITE } from '#local/simulator/broken/writing.ts';
import { simulate } from '#local/simulator/simulation.ts';

test('a hundred worlds end as the plain evaluator says', async () => {
  for (let seed = 1; seed <= 100; seed++) expect(await simulate(seed), `seed ${seed}`).toEqual([]);
});

test('a seed is the same world each time, to the letter of what goes wrong in it', async () => {
  const first = await simulate(2, { variant: UNCONDITIONAL_WRITE });

  expect(first).not.toEqual([]);
  expect(await simulate(2, { variant: UNCONDITIONAL_WRITE })).toEqual(first);
});
