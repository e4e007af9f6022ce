/** Trees and regression weighed together by how well each foresees people whom it has not seen. */

import { seededRandom } from '#shared/kernel/seeded-random.ts';
import { type Encoding, encodeTable, fitEncoding, type Matrix } from './encoding.ts';
import {
  BOOSTING_DEFAULTS,
  type BoostedTrees,
  type BoostingOptions,
  boostedMargin,
  fitBoostedTrees,
} from './gradient-boosting.ts';
import {
  fitLogistic,
  LOGISTIC_DEFAULTS,
  type LogisticModel,
  type LogisticOptions,
  logisticMargin,
} from './logistic-regression.ts';
import { logLossOfMargins } from './metrics.ts';
import { rowsOf, type TrainingTable } from './training-table.ts';

export interface Blend {
  readonly encoding: Encoding;
  readonly trees: BoostedTrees;
  readonly regression: LogisticModel;
  /** Of the trees; the regression has the rest. */
  readonly weight: number;
}

export interface BlendOptions {
  readonly boosting: BoostingOptions;
  readonly regression: LogisticOptions;
  /** Parts of the training set, each foreseen by a model of the others. */
  readonly folds: number;
}

export const BLEND_DEFAULTS: BlendOptions = { boosting: BOOSTING_DEFAULTS, regression: LOGISTIC_DEFAULTS, folds: 4 };

export type Progress = (done: number, of: number) => void;

export interface FittedBlend {
  readonly blend: Blend;
  /** Each row's margin by a model that has not seen its person. */
  readonly outOfFold: Float64Array;
}

export function fitBlend(
  table: TrainingTable,
  options: BlendOptions = BLEND_DEFAULTS,
  progress: Progress = () => {},
): FittedBlend {
  const steps = options.folds + 1;
  const outside = foreseen(table, options, (fold) => progress(fold, steps));
  const fitted = fitBoth(table, options);
  progress(steps, steps);
  const weight = bestWeight(outside.trees, outside.regression, table.labels);
  return { blend: { ...fitted, weight }, outOfFold: mixed(outside.trees, outside.regression, weight) };
}

type Fitted = Omit<Blend, 'weight'>;

function fitBoth(table: TrainingTable, { boosting, regression }: BlendOptions): Fitted {
  const encoding = fitEncoding(table);
  const matrix = encodeTable(table, encoding);
  const trees = fitBoostedTrees(matrix, table.labels, boosting);
  return { encoding, trees, regression: fitLogistic(matrix, table.labels, regression) };
}

interface Margins {
  readonly trees: Float64Array;
  readonly regression: Float64Array;
}

function foreseen(table: TrainingTable, options: BlendOptions, progress: (fold: number) => void): Margins {
  const rows = table.labels.length;
  const margins = { trees: new Float64Array(rows), regression: new Float64Array(rows) };
  const foldOf = dealFolds(table, options.folds, options.boosting.seed);
  const numbers = Int32Array.from({ length: rows }, (_, row) => row);
  for (let fold = 0; fold < options.folds; fold++) {
    const fitted = fitBoth(
      rowsOf(
        table,
        numbers.filter((row) => foldOf[row] !== fold),
      ),
      options,
    );
    const outside = numbers.filter((row) => foldOf[row] === fold);
    const found = marginsOf(fitted, encodeTable(rowsOf(table, outside), fitted.encoding));
    for (const [index, row] of outside.entries()) {
      margins.trees[row] = found.trees[index] as number;
      margins.regression[row] = found.regression[index] as number;
    }
    progress(fold + 1);
  }
  return margins;
}

/**
 * Which fold each row is in. All rows of a person are in one, or a model would be asked about people it knows; of each
 * outcome every fold gets as many people as can be.
 */
export function dealFolds(
  { labels, people }: Pick<TrainingTable, 'labels' | 'people'>,
  folds: number,
  seed: number,
): Uint8Array {
  const random = seededRandom(seed);
  const outcomes = new Map<number, number>();
  for (const [row, person] of people.entries())
    outcomes.set(person, Math.max(outcomes.get(person) ?? 0, labels[row] as number));
  const keys = new Map([...outcomes.keys()].map((person) => [person, random.next()]));
  const order = [...outcomes.keys()].sort((left, right) => (keys.get(left) as number) - (keys.get(right) as number));
  const dealt = [0, 0];
  const foldOf = new Map<number, number>();
  for (const person of order) {
    const outcome = outcomes.get(person) as number;
    foldOf.set(person, (dealt[outcome] as number) % folds);
    dealt[outcome] = (dealt[outcome] as number) + 1;
  }
  return Uint8Array.from(people, (person) => foldOf.get(person) as number);
}

/** Both learners' margins of each row. */
export function marginsOf({ trees, regression }: Fitted, matrix: Matrix): Margins {
  const row = new Float64Array(matrix.columns.length);
  const margins = { trees: new Float64Array(matrix.rows), regression: new Float64Array(matrix.rows) };
  for (let index = 0; index < matrix.rows; index++) {
    for (let column = 0; column < row.length; column++)
      row[column] = (matrix.columns[column] as Float64Array)[index] as number;
    margins.trees[index] = boostedMargin(trees, row);
    margins.regression[index] = logisticMargin(regression, row);
  }
  return margins;
}

const WEIGHT_STEPS = 10;

/** Of 0, .1 … 1 the weight with the least loss; of equals the one with more regression, which is easier to read. */
export function bestWeight(trees: Float64Array, regression: Float64Array, labels: Uint8Array): number {
  let best = { weight: 0, loss: Number.POSITIVE_INFINITY };
  for (let step = 0; step <= WEIGHT_STEPS; step++) {
    const weight = step / WEIGHT_STEPS;
    const loss = logLossOfMargins(mixed(trees, regression, weight), labels);
    if (loss < best.loss - 1e-12) best = { weight, loss };
  }
  return best.weight;
}

export function mixed(trees: Float64Array, regression: Float64Array, weight: number): Float64Array {
  return trees.map((margin, row) => weight * margin + (1 - weight) * (regression[row] as number));
}
