/** Two virtual years in one world; `npm run simulate -- --soak` runs longer ones. */
import { expect, test } from 'vitest';
import { TWENTY_FOUR_MONTHS } from '#local/simulator/scenario.ts';
import { simulate } from '#local/simulator/simulation.ts';

test('after 24 months of events every membership is what the plain evaluator says', async () => {
  const { pace } = TWENTY_FOUR_MONTHS;
  // A third of the events at three times the distance: the same two years.
  const size = { ...TWENTY_FOUR_MONTHS, pace: { ...pace, stepMs: 3 * pace.stepMs }, events: 140, people: 2 };

  for (const seed of [1, 2]) expect(await simulate(seed, { size }), `seed ${seed}`).toEqual([]);
});
