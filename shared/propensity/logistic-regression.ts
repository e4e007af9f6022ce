/**
 * Logistic regression with a ridge penalty by Newton's method, over signed logarithms, standardised. A number that some
 * people lack gets a second term that says so.
 */
import type { Matrix } from './encoding.ts';
import { shareOf } from './gradient-boosting.ts';
import { logit, sigmoid } from './logistic.ts';
import { logLossOfMargins } from './metrics.ts';
import { solvePositiveDefinite } from './positive-definite.ts';

/** One term of the sum: a column, or whether it lacks a value. */
export interface Term {
  readonly column: number;
  readonly of: 'value' | 'absence';
  readonly mean: number;
  readonly deviation: number;
  readonly weight: number;
}

export interface LogisticModel {
  /** The margin of somebody average in every term. */
  readonly intercept: number;
  readonly terms: readonly Term[];
}

export interface LogisticOptions {
  /** Pull towards zero, in people. */
  readonly ridge: number;
  readonly iterationsMax: number;
}

export const LOGISTIC_DEFAULTS: LogisticOptions = { ridge: 1, iterationsMax: 25 };
/** Of the mean loss: a smaller gain is none. */
const CONVERGED = 1e-9;

type Scale = Omit<Term, 'weight'>;

export function fitLogistic(
  matrix: Matrix,
  labels: Uint8Array,
  options: LogisticOptions = LOGISTIC_DEFAULTS,
): LogisticModel {
  const scales = matrix.columns.flatMap(scalesOf);
  const inputs = scales.map((scale) => standardised(matrix.columns[scale.column] as Float64Array, scale));
  const weights = new Float64Array(scales.length + 1);
  weights[scales.length] = logit(shareOf(labels));
  let loss = penalisedLoss(inputs, labels, weights, options.ridge);
  for (let iteration = 0; iteration < options.iterationsMax; iteration++) {
    const step = newtonStep(inputs, labels, weights, options.ridge);
    const next = descend(inputs, labels, weights, step, { loss, ridge: options.ridge });
    if (loss - next < CONVERGED * labels.length) break;
    loss = next;
  }
  const terms = scales.map((scale, index) => ({ ...scale, weight: weights[index] as number }));
  return { intercept: weights[scales.length] as number, terms };
}

/** Large amounts of either sign weigh by their order of magnitude. */
const signedLog = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value));

function rawOf(value: number, of: Term['of'], mean: number): number {
  if (of === 'absence') return Number.isNaN(value) ? 1 : 0;
  return Number.isNaN(value) ? mean : signedLog(value);
}

function scalesOf(values: Float64Array, column: number): readonly Scale[] {
  const isAbsent = values.some(Number.isNaN);
  return (isAbsent ? (['value', 'absence'] as const) : (['value'] as const)).flatMap((of) => {
    const { mean, deviation } = momentsOf(values, of);
    return deviation > 0 ? [{ column, of, mean, deviation }] : [];
  });
}

function momentsOf(values: Float64Array, of: Term['of']) {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (const value of values) {
    if (of === 'value' && Number.isNaN(value)) continue;
    const raw = rawOf(value, of, 0);
    sum += raw;
    squares += raw * raw;
    count++;
  }
  const mean = count === 0 ? 0 : sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, count === 0 ? 0 : squares / count - mean * mean)) };
}

function inputOf(value: number, { of, mean, deviation }: Scale): number {
  return (rawOf(value, of, mean) - mean) / deviation;
}

function standardised(values: Float64Array, scale: Scale): Float64Array {
  return values.map((value) => inputOf(value, scale));
}

/** Summed over everybody, with the penalty. The intercept, the last weight, has none. */
function penalisedLoss(
  inputs: readonly Float64Array[],
  labels: Uint8Array,
  weights: Float64Array,
  ridge: number,
): number {
  const margins = new Float64Array(labels.length).fill(weights[inputs.length] as number);
  let loss = 0;
  for (const [index, input] of inputs.entries()) {
    const weight = weights[index] as number;
    loss += (ridge * weight * weight) / 2;
    for (let person = 0; person < margins.length; person++) {
      margins[person] = (margins[person] as number) + weight * (input[person] as number);
    }
  }
  return loss + logLossOfMargins(margins, labels) * labels.length;
}

const HALVINGS_MAX = 20;

/** Takes the step, or as much of it as lowers the loss: far from the solution a whole one overshoots. Returns the loss. */
function descend(
  inputs: readonly Float64Array[],
  labels: Uint8Array,
  weights: Float64Array,
  step: Float64Array,
  { loss, ridge }: { readonly loss: number; readonly ridge: number },
): number {
  for (let halving = 0, share = 1; halving < HALVINGS_MAX; halving++, share /= 2) {
    const tried = weights.map((weight, index) => weight - share * (step[index] as number));
    const next = penalisedLoss(inputs, labels, tried, ridge);
    if (next > loss) continue;
    weights.set(tried);
    return next;
  }
  return loss;
}

/** The step of Newton's method, to be taken off `weights`. */
function newtonStep(
  inputs: readonly Float64Array[],
  labels: Uint8Array,
  weights: Float64Array,
  ridge: number,
): Float64Array {
  const size = inputs.length + 1;
  const gradient = new Float64Array(size);
  const curvature = Array.from({ length: size }, () => new Float64Array(size));
  const row = new Float64Array(size).fill(1);
  for (let person = 0; person < labels.length; person++) {
    let margin = weights[size - 1] as number;
    for (let index = 0; index < inputs.length; index++) {
      row[index] = (inputs[index] as Float64Array)[person] as number;
      margin += (row[index] as number) * (weights[index] as number);
    }
    const probability = sigmoid(margin);
    accumulate(gradient, curvature, row, probability - (labels[person] as number), probability * (1 - probability));
  }
  for (let index = 0; index < inputs.length; index++) {
    gradient[index] = (gradient[index] as number) + ridge * (weights[index] as number);
    const diagonal = curvature[index] as Float64Array;
    diagonal[index] = (diagonal[index] as number) + ridge;
  }
  return solvePositiveDefinite(curvature, gradient);
}

function accumulate(
  gradient: Float64Array,
  curvature: readonly Float64Array[],
  row: Float64Array,
  error: number,
  weight: number,
): void {
  for (let index = 0; index < row.length; index++) {
    const value = row[index] as number;
    if (value === 0) continue;
    gradient[index] = (gradient[index] as number) + error * value;
    const line = curvature[index] as Float64Array;
    const weighted = weight * value;
    for (let other = 0; other <= index; other++)
      line[other] = (line[other] as number) + weighted * (row[other] as number);
  }
}

/** What each term adds to the margin of a person, summed by column into `into`; with the intercept they are the margin. */
export function addTermContributions(
  { terms }: LogisticModel,
  row: ArrayLike<number>,
  share: number,
  into: Float64Array,
): void {
  for (const term of terms) {
    const value = share * term.weight * inputOf(row[term.column] as number, term);
    into[term.column] = (into[term.column] as number) + value;
  }
}

export function logisticMargin({ intercept, terms }: LogisticModel, row: ArrayLike<number>): number {
  let margin = intercept;
  for (const term of terms) margin += term.weight * inputOf(row[term.column] as number, term);
  return margin;
}
