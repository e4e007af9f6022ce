/** How large a table can be trained on, and how fast people are scored with their factors. */
import { performance } from 'node:perf_hooks';
import { seededRandom } from '#shared/kernel/seeded-random.ts';
import { BLEND_DEFAULTS } from '#shared/propensity/blend.ts';
import { encodeTable, fitEncoding } from '#shared/propensity/encoding.ts';
import { BOOSTING_DEFAULTS, fitBoostedTrees } from '#shared/propensity/gradient-boosting.ts';
import { sigmoid } from '#shared/propensity/logistic.ts';
import { trainModel, valuesOfRow } from '#shared/propensity/train-model.ts';
import { ModelScorer, type TrainedModel } from '#shared/propensity/trained-model.ts';
import { type Feature, type TrainingTable, TrainingTableBuilder } from '#shared/propensity/training-table.ts';

const FEATURES = 40;

export function madeUpTable(rows: number, seed: number): TrainingTable {
  const random = seededRandom(seed);
  const features = Array.from(
    { length: FEATURES },
    (_, index): Feature => ({ name: `feature ${index}`, kind: 'number' }),
  );
  const weights = features.map(() => random.next() - 0.5);
  const builder = new TrainingTableBuilder(features);
  for (let row = 0; row < rows; row++) {
    const values = features.map(() => random.next() * 4);
    const margin = values.reduce(
      (sum, value, index) => sum + (weights[index] as number) * (value - 2) * (index % 3 ? 1 : value),
      -1,
    );
    builder.add(values, random.next() < sigmoid(margin));
  }
  return builder.build();
}

const seconds = (from: number) => (performance.now() - from) / 1000;

export function measureScale(rows: number, seed: number) {
  const table = madeUpTable(rows, seed);
  const whole = performance.now();
  const { model } = trainModel(table, undefined, { rowsMax: rows, seed, blend: BLEND_DEFAULTS });
  const trainingSeconds = seconds(whole);
  const trees = performance.now();
  fitBoostedTrees(encodeTable(table, fitEncoding(table)), table.labels, { ...BOOSTING_DEFAULTS, rounds: 200 });
  const treesSeconds = seconds(trees);
  return {
    rows,
    features: FEATURES,
    trainingSeconds,
    twoHundredTreesSeconds: treesSeconds,
    residentMegabytesMax: Math.round(process.resourceUsage().maxRSS / 1024),
    scoredWithFactorsPerSecond: Math.round(scoringRate(model, table)),
  };
}

function scoringRate(model: TrainedModel, table: TrainingTable): number {
  const scorer = new ModelScorer(model);
  const people = Array.from({ length: 5000 }, (_, row) => valuesOfRow(table, row));
  for (const values of people) scorer.score(values, 0);
  const from = performance.now();
  for (const values of people) scorer.score(values, 0);
  return people.length / seconds(from);
}
