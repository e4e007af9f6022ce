import { expect, test } from 'vitest';
import { seededRandom } from '#shared/kernel/seeded-random.ts';
import { MemoryPropensityFiles } from '#shared/memory/memory-propensity-store.ts';
import { dealFolds } from '#shared/propensity/blend.ts';
import type { PropensitySpecification } from '#shared/propensity/instance.ts';
import { sigmoid } from '#shared/propensity/logistic.ts';
import { fitLogistic } from '#shared/propensity/logistic-regression.ts';
import { putModel, readModel } from '#shared/propensity/stored-model.ts';
import { TRAIN_DEFAULTS, trainModel, valuesOfRow } from '#shared/propensity/train-model.ts';
import type { StoredModel } from '#shared/propensity/trained-model.ts';
import { ModelScorer } from '#shared/propensity/trained-model.ts';
import { TrainingTableBuilder } from '#shared/propensity/training-table.ts';
import { churnTable } from '#test/support/churn-table.ts';

const RUN = { sandboxName: 'prod', instanceId: 'churn', runId: 'r1' };
const specification: PropensitySpecification = {
  goal: { occurrence: 'will', match: 'any', conditions: ['eventType = "x"'], windowDays: 30 },
  eventTypes: [],
  customEvents: [],
  profileFeatures: [],
};
const train = churnTable({ rows: 3000, seed: 1 });
const later = churnTable({ rows: 3000, seed: 2 });
const { model, card } = trainModel(train, later);

test('the same table and seed give the same model, byte for byte; another seed gives another', () => {
  const textOf = (seed: number) => JSON.stringify(trainModel(train, later, { ...TRAIN_DEFAULTS, seed }).model);
  expect(textOf(1)).toBe(JSON.stringify(model));
  expect(textOf(2)).not.toBe(JSON.stringify(model));
});

test('what foretells the outcome is found, and noise is not', () => {
  expect(card.evaluation.kind).toBe('out of time');
  expect(card.evaluation.areaUnderCurve).toBeGreaterThan(0.8);
  expect(card.importances[0]?.feature).toBe('visits');
  expect(card.importances.at(-1)?.feature).toBe('noise');
  expect(card.warnings).toEqual([]);
});

test('probabilities come true as often as they say, within three standard errors of each tenth', () => {
  for (const { expected, actual, people } of card.evaluation.calibration) {
    expect(Math.abs(expected - actual)).toBeLessThan(3 * Math.sqrt((expected * (1 - expected)) / people) + 0.02);
  }
});

test('a stored model scores as the trained one, with scores, percentiles and buckets in their ranges', async () => {
  const scorer = new ModelScorer(model);
  const files = new MemoryPropensityFiles();
  await putModel(files, RUN, { ...model, specification });
  const again = new ModelScorer((await readModel(files, RUN)) as StoredModel);
  for (let row = 0; row < 200; row++) {
    const score = scorer.score(valuesOfRow(later, row), 42);
    expect(again.score(valuesOfRow(later, row), 42)).toEqual(score);
    expect(score.score).toBeGreaterThanOrEqual(0);
    expect(score.score).toBeLessThanOrEqual(100);
    expect(score.percentile).toBeGreaterThanOrEqual(1);
    expect(score.percentile).toBeLessThanOrEqual(100);
    expect(score.bucket).toBe(score.score < 25 ? 'low' : score.score < 75 ? 'medium' : 'high');
    expect(score.factors.length).toBeGreaterThan(0);
  }
});

test('factors come the most influential first, with the direction in which they move the score', () => {
  const scorer = new ModelScorer(model);
  const { factors } = scorer.score([39, 1, 'premium', 0.5], 0);
  const sizes = factors.map(({ contribution }) => Math.abs(contribution));

  expect(sizes).toEqual([...sizes].sort((left, right) => right - left));
  expect(factors[0]).toMatchObject({ name: 'visits', direction: 'lowers', value: 39 });
});

test('leaving out most people without the outcome changes the probabilities little', () => {
  const thinned = trainModel(train, later, { ...TRAIN_DEFAULTS, rowsMax: 1500 });
  const mean = (scorer: ModelScorer) =>
    Array.from({ length: 1000 }, (_, row) => scorer.score(valuesOfRow(later, row), 0).probability).reduce(
      (sum, probability) => sum + probability / 1000,
      0,
    );

  expect(thinned.card.rows).toBeLessThan(card.rows);
  expect(mean(new ModelScorer(thinned.model))).toBeCloseTo(mean(new ModelScorer(model)), 1);
});

test('a feature that knows the outcome is reported, and so is a model that knows nothing', () => {
  const random = seededRandom(9);
  const leaking = new TrainingTableBuilder([{ name: 'cancelled', kind: 'number' }]);
  const blind = new TrainingTableBuilder([{ name: 'chance', kind: 'number' }]);
  for (let row = 0; row < 1200; row++) {
    const occurred = random.next() < 0.4;
    leaking.add([occurred ? 1 : 0], occurred);
    blind.add([random.next()], occurred);
  }

  expect(trainModel(leaking.build(), undefined).card.warnings).toMatchObject([
    { code: 'leaking-feature', feature: 'cancelled' },
  ]);
  expect(trainModel(blind.build(), undefined).card.warnings).toMatchObject([{ code: 'weak-model' }]);
});

test('rows of one person never stand on both sides of a fold', () => {
  const people = Int32Array.from({ length: 300 }, (_, row) => row % 100);
  const labels = Uint8Array.from(people, (person) => (person % 7 === 0 ? 1 : 0));
  const folds = dealFolds({ labels, people }, 4, 1);

  for (const [row, person] of people.entries()) expect(folds[row]).toBe(folds[person]);
});

test('the regression finds the weights that the outcomes were drawn with', () => {
  const random = seededRandom(4);
  const left = Float64Array.from({ length: 20_000 }, () => random.next() * 4);
  const right = Float64Array.from({ length: 20_000 }, () => random.next() * 4);
  const labels = Uint8Array.from(left, (value, row) =>
    random.next() < sigmoid(2 * Math.log1p(value) - Math.log1p(right[row] as number) - 1) ? 1 : 0,
  );
  const { terms } = fitLogistic({ rows: labels.length, columns: [left, right] }, labels);

  expect(terms.map(({ weight, deviation }) => weight / deviation)[0]).toBeCloseTo(2, 0);
  expect(terms.map(({ weight, deviation }) => weight / deviation)[1]).toBeCloseTo(-1, 0);
});

test.each<[string, (stored: StoredModel) => unknown]>([
  ['its format is 2, and this version reads 1', (stored) => ({ ...stored, format: 2 })],
  ['it is no object', () => [1]],
  ['it has no blend', ({ blend: _, ...rest }) => rest],
  ['percentiles are not 99 numbers', (stored) => ({ ...stored, percentiles: stored.percentiles.slice(1) })],
  ['it has no specification', ({ specification: _, ...rest }) => rest],
  ['baseRate is not between 0 and 1', (stored) => ({ ...stored, baseRate: null })],
  [
    `blend.trees.trees[0] is no tree over ${model.blend.encoding.columns.length} columns`,
    ({ blend, ...rest }) => {
      const [first, ...others] = blend.trees.trees;
      const trees = { ...blend.trees, trees: [{ ...first, column: first?.column.map(() => 99) }, ...others] };
      return { ...rest, blend: { ...blend, trees } };
    },
  ],
  [
    `blend.regression.terms[0] is no term over ${model.blend.encoding.columns.length} columns`,
    ({ blend, ...rest }) => {
      const [first, ...others] = blend.regression.terms;
      const regression = { ...blend.regression, terms: [{ ...first, weight: null }, ...others] };
      return { ...rest, blend: { ...blend, regression } };
    },
  ],
])('a stored model is refused where %s, by the name of its file', async (problem, spoil) => {
  const files = new MemoryPropensityFiles();
  await files.put('prod/churn/r1/model.json', spoil({ ...model, specification }) as object);

  await expect(readModel(files, RUN)).rejects.toThrow(
    `The propensity model prod/churn/r1/model.json can't be used: ${problem}.`,
  );
});

test('a run that left no model has none', async () => {
  expect(await readModel(new MemoryPropensityFiles(), RUN)).toBeUndefined();
});
