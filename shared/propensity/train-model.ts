/** From a table of past people to a model and the card that says how far it can be trusted. */

import { sampleOf, seededRandom } from '#shared/kernel/seeded-random.ts';
import { BLEND_DEFAULTS, type Blend, type BlendOptions, fitBlend, marginsOf, mixed, type Progress } from './blend.ts';
import { type Calibration, calibrated, fitCalibration } from './calibration.ts';
import { encodeTable } from './encoding.ts';
import {
  areaUnderCurve,
  brierScore,
  type CalibrationBin,
  type CurvePoint,
  calibrationBins,
  gainsCurve,
  logLossOfMargins,
  type RocPoint,
  rocCurve,
} from './metrics.ts';
import { importanceBounds, percentileBounds } from './score.ts';
import { Scorer } from './scorer.ts';
import type { TrainedModel } from './trained-model.ts';
import { type FeatureValue, rowsOf, type TrainingTable } from './training-table.ts';

export interface Evaluation {
  /** `out of time`: later than everything trained on. `out of fold`: the same time, other people; history allowed no better. */
  readonly kind: 'out of time' | 'out of fold';
  readonly people: number;
  readonly occurred: number;
  readonly areaUnderCurve: number;
  readonly logLoss: number;
  readonly brierScore: number;
  readonly gains: readonly CurvePoint[];
  readonly roc: readonly RocPoint[];
  readonly calibration: readonly CalibrationBin[];
}

export interface ModelCard {
  readonly rows: number;
  readonly occurred: number;
  /** Of the trees in the blend. */
  readonly weight: number;
  readonly seed: number;
  readonly evaluation: Evaluation;
  /** Mean size of contributions over the population, the largest first. */
  readonly importances: readonly { readonly feature: string; readonly importance: number }[];
  readonly warnings: readonly ModelWarning[];
}

export interface ModelWarning {
  readonly code: 'weak-model' | 'leaking-feature';
  readonly message: string;
  readonly feature?: string;
}

export interface TrainOptions {
  readonly blend: BlendOptions;
  /** Of more rows some are left out, of the commoner outcome first, and the prior is corrected. */
  readonly rowsMax: number;
  readonly seed: number;
}

export const TRAIN_DEFAULTS: TrainOptions = { blend: BLEND_DEFAULTS, rowsMax: 200_000, seed: 1 };

/** An area under the curve below this is flagged. */
export const AREA_MIN = 0.65;
/** A single feature above this knows the outcome. */
export const LEAK_AREA = 0.98;
const IMPORTANCE_ROWS = 5_000;

/** `test`: a later cutoff than any of `table`; without it the model is judged on people left out of each fold. */
export function trainModel(
  table: TrainingTable,
  test: TrainingTable | undefined,
  options: TrainOptions = TRAIN_DEFAULTS,
  progress: Progress = () => {},
): { readonly model: TrainedModel; readonly card: ModelCard } {
  const { rows, priorShift } = thin(table, options);
  const boosting = { ...options.blend.boosting, seed: options.seed };
  const { blend, outOfFold } = fitBlend(rows, { ...options.blend, boosting }, progress);
  const shifted = outOfFold.map((margin) => margin + priorShift);
  const calibration = priorShift === 0 ? fitCalibration(shifted, rows.labels) : { slope: 1, offset: 0 };
  const population = explainSome(blend, rows, options.seed);
  const model: TrainedModel = {
    format: 1,
    blend,
    calibration,
    baseRate: rateOf(table.labels),
    priorShift,
    percentiles: percentileBounds(shifted),
    importance: importanceBounds(population),
  };
  const evaluation = test
    ? evaluate('out of time', foreseenBy(model, test), test.labels, calibration)
    : evaluate('out of fold', shifted, rows.labels, calibration);
  return { model, card: cardOf({ table: rows, blend, evaluation, population, seed: options.seed }) };
}

const rateOf = (labels: Uint8Array) => labels.reduce((sum, label) => sum + label, 0) / labels.length;

/** Leaves out people of the commoner outcome first, who teach least, and corrects the prior by the shares kept. */
function thin(table: TrainingTable, { rowsMax, seed }: TrainOptions) {
  const { labels } = table;
  if (labels.length <= rowsMax) return { rows: table, priorShift: 0 };
  const numbers = Int32Array.from(labels, (_, row) => row);
  const sides = [0, 1].map((label) => numbers.filter((row) => labels[row] === label));
  const rarer = Math.min(...sides.map(({ length }) => length), Math.floor(rowsMax / 2));
  const random = seededRandom(seed);
  const kept = sides.map((side) => {
    const count = Math.min(side.length, Math.max(rarer, rowsMax - rarer));
    return sampleOf(side.length, count, random).map((index) => side[index] as number);
  });
  const [without, withOutcome] = kept.map(({ length }, label) => length / (sides[label] as Int32Array).length);
  const rows = rowsOf(table, Int32Array.from(kept.flatMap((side) => [...side])).sort());
  return { rows, priorShift: Math.log((without as number) / (withOutcome as number)) };
}

function foreseenBy(
  { blend, priorShift }: Pick<TrainedModel, 'blend' | 'priorShift'>,
  table: TrainingTable,
): Float64Array {
  const margins = marginsOf(blend, encodeTable(table, blend.encoding));
  return mixed(margins.trees, margins.regression, blend.weight).map((margin) => margin + priorShift);
}

function evaluate(
  kind: Evaluation['kind'],
  margins: Float64Array,
  labels: Uint8Array,
  calibration: Calibration,
): Evaluation {
  const { slope, offset } = calibration;
  const probabilities = margins.map((margin) => calibrated(calibration, margin));
  return {
    kind,
    people: labels.length,
    occurred: labels.reduce((sum, label) => sum + label, 0),
    areaUnderCurve: areaUnderCurve(margins, labels),
    logLoss: logLossOfMargins(
      margins.map((margin) => slope * margin + offset),
      labels,
    ),
    brierScore: brierScore(probabilities, labels),
    gains: gainsCurve(margins, labels),
    roc: rocCurve(margins, labels),
    calibration: calibrationBins(probabilities, labels),
  };
}

function explainSome(blend: Blend, table: TrainingTable, seed: number): readonly Float64Array[] {
  const scorer = new Scorer(blend);
  const count = Math.min(IMPORTANCE_ROWS, table.labels.length);
  return [...sampleOf(table.labels.length, count, seededRandom(seed + 1))].map(
    (row) => scorer.explain(valuesOfRow(table, row)).contributions,
  );
}

export function valuesOfRow({ columns }: TrainingTable, row: number): FeatureValue[] {
  return columns.map((column) => {
    if (column.kind === 'category') return column.categories[column.codes[row] as number] ?? null;
    const value = column.values[row] as number;
    return Number.isNaN(value) ? null : value;
  });
}

interface CardParts {
  readonly table: TrainingTable;
  readonly blend: Blend;
  readonly evaluation: Evaluation;
  readonly population: readonly Float64Array[];
  readonly seed: number;
}

function cardOf({ table, blend, evaluation, population, seed }: CardParts): ModelCard {
  const meanOf = (feature: number) =>
    population.reduce((sum, row) => sum + Math.abs(row[feature] as number), 0) / population.length;
  return {
    rows: table.labels.length,
    occurred: table.labels.reduce((sum, label) => sum + label, 0),
    weight: blend.weight,
    seed,
    evaluation,
    importances: table.features
      .map(({ name }, index) => ({ feature: name, importance: meanOf(index) }))
      .filter(({ importance }) => importance > 0)
      .sort((left, right) => right.importance - left.importance),
    warnings: [...leaksIn(table, blend), ...weaknessOf(evaluation)],
  };
}

function weaknessOf({ areaUnderCurve: area, kind }: Evaluation): readonly ModelWarning[] {
  if (area >= AREA_MIN) return [];
  const message = `The area under the curve is ${area.toFixed(3)} ${kind}; below ${AREA_MIN} the scores say little.`;
  return [{ code: 'weak-model', message }];
}

function leaksIn(table: TrainingTable, { encoding }: Blend): readonly ModelWarning[] {
  const matrix = encodeTable(table, encoding);
  return encoding.columns.flatMap(({ feature, category }, index) => {
    const values = (matrix.columns[index] as Float64Array).map((value) =>
      Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value,
    );
    const area = areaUnderCurve(values, table.labels);
    if (Math.max(area, 1 - area) <= LEAK_AREA) return [];
    const { name } = encoding.features[feature] as { name: string };
    const which = category === undefined ? name : `${name} = ${category}`;
    const message = `“${which}” alone foretells the outcome (area ${Math.max(area, 1 - area).toFixed(3)}): it may be a consequence of it.`;
    return [{ code: 'leaking-feature' as const, message, feature: name }];
  });
}
