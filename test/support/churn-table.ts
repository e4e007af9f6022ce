/** Made-up people whose outcome follows from some of their features and chance, from a seed. */

import { seededRandom } from '#shared/kernel/seeded-random.ts';
import { sigmoid } from '#shared/propensity/logistic.ts';
import { type Feature, type TrainingTable, TrainingTableBuilder } from '#shared/propensity/training-table.ts';

const FEATURES: readonly Feature[] = [
  { name: 'visits', kind: 'number' },
  { name: 'days since the last visit', kind: 'number' },
  { name: 'plan', kind: 'category' },
  { name: 'noise', kind: 'number' },
];
const PLANS = ['free', 'basic', 'premium'] as const;

export function churnTable({ rows, seed }: { readonly rows: number; readonly seed: number }): TrainingTable {
  const random = seededRandom(seed);
  const builder = new TrainingTableBuilder(FEATURES);
  for (let row = 0; row < rows; row++) {
    const visits = Math.floor(random.next() * 40);
    const since = random.next() < 0.1 ? null : random.next() * 90;
    const plan = PLANS[Math.floor(random.next() * 3)] as (typeof PLANS)[number];
    const margin = 1.5 - visits / 10 + (since === null ? 1 : since / 40) - (plan === 'premium' ? 1.5 : 0);
    builder.add([visits, since, plan, random.next()], random.next() < sigmoid(margin));
  }
  return builder.build();
}
