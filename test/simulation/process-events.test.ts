/**
 * The production behaviour under seeded faults (local/simulator): what is stored at the end is what the oracle says.
 * A seed that ever failed stays here by name; `npm run simulate -- --seeds N` runs more.
 */
import { expect, test } from 'vitest';
import { simulate } from '#local/simulator/simulation.ts';

const REGRESSIONS: readonly (readonly [seed: number, what: string])[] = [
  [356, 'rows of one instant are kept in the order of their ids'],
  [62, 'an event sent again after its time was clamped is applied once'],
];

test.each(REGRESSIONS)('seed %i: %s', async (seed) => {
  expect(await simulate(seed)).toEqual([]);
});

test('a hundred worlds end as the plain evaluator says', async () => {
  for (let seed = 1; seed <= 100; seed++) expect(await simulate(seed), `seed ${seed}`).toEqual([]);
});
