/**
 * The production functions under seeded faults (local/simulator): what is stored, published and read at the end is what
 * the oracle says. `npm run simulate -- --seeds N` runs more. What a seed found
 * stays as an example of its own in regressions.test.ts.
 */
import { expect, test } from 'vitest';
import type { ScenarioSize } from '#local/simulator/scenario.ts';
import { TWENTY_FOUR_MONTHS } from '#local/simulator/scenario.ts';
import { simulate } from '#local/simulator/simulation.ts';

test('a hundred worlds end as the plain evaluator says', async () => {
  for (let seed = 1; seed <= 100; seed++) expect(await simulate(seed), `seed ${seed}`).toEqual([]);
});

test('a seed is the same world each time', async () => {
  const failing: ScenarioSize = { ...TWENTY_FOUR_MONTHS, events: 20, rulesChanges: 3 };

  expect(await simulate(7, { size: failing })).toEqual(await simulate(7, { size: failing }));
});
