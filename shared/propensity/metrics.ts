/** How good scores are, of people whose outcome is known. */
import { softplus } from './logistic.ts';

/**
 * The chance that somebody with the outcome scores above somebody without it, ties counting half: from .5, chance, to 1.
 * NaN where everybody has the same outcome.
 */
export function areaUnderCurve(scores: ArrayLike<number>, labels: Uint8Array): number {
  const order = orderOf(scores);
  let below = 0;
  let occurred = 0;
  let sum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let positives = 0;
    while (to < order.length && scores[order[to] as number] === scores[order[from] as number]) {
      positives += labels[order[to++] as number] as number;
    }
    const negatives = to - from - positives;
    sum += positives * (below + negatives / 2);
    below += negatives;
    occurred += positives;
    from = to;
  }
  return sum / (occurred * below);
}

/** Row numbers, the lowest score first. */
export function orderOf(scores: ArrayLike<number>): Int32Array {
  return Int32Array.from(scores, (_, index) => index).sort(
    (left, right) => (scores[left] as number) - (scores[right] as number) || left - right,
  );
}

/** Mean negative log likelihood, in nats. */
export function logLossOfMargins(margins: ArrayLike<number>, labels: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++)
    sum += softplus(margins[row] as number) - (labels[row] as number) * (margins[row] as number);
  return sum / labels.length;
}

/** Mean squared distance of probability and outcome. */
export function brierScore(probabilities: ArrayLike<number>, labels: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += ((probabilities[row] as number) - (labels[row] as number)) ** 2;
  return sum / labels.length;
}

export interface CurvePoint {
  /** Share of everybody, the highest scores first. */
  readonly share: number;
  /** Share of all outcomes that fall among them. */
  readonly gain: number;
  /** How many times the average rate theirs is. */
  readonly lift: number;
}

/** Cumulative gains and lift at `steps` even shares. */
export function gainsCurve(scores: ArrayLike<number>, labels: Uint8Array, steps = 20): readonly CurvePoint[] {
  const order = orderOf(scores).reverse();
  const total = labels.reduce((sum, label) => sum + label, 0);
  const points: CurvePoint[] = [];
  let occurred = 0;
  let row = 0;
  for (let step = 1; step <= steps; step++) {
    const until = Math.round((step * order.length) / steps);
    for (; row < until; row++) occurred += labels[order[row] as number] as number;
    const share = until / order.length;
    const gain = occurred / total;
    points.push({ share, gain, lift: gain / share });
  }
  return points;
}

export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** At most `pointsMax` points of the curve, both ends included. */
export function rocCurve(scores: ArrayLike<number>, labels: Uint8Array, pointsMax = 100): readonly RocPoint[] {
  const order = orderOf(scores).reverse();
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  let truePositives = 0;
  for (const [index, row] of order.entries()) {
    truePositives += labels[row] as number;
    const isTied = index + 1 < order.length && scores[order[index + 1] as number] === scores[row];
    if (isTied) continue;
    points.push({
      falsePositiveRate: (index + 1 - truePositives) / negatives,
      truePositiveRate: truePositives / positives,
    });
  }
  const stride = Math.max(1, Math.ceil(points.length / (pointsMax - 1)));
  return points.filter((_, index) => index % stride === 0 || index === points.length - 1);
}

export interface CalibrationBin {
  readonly people: number;
  /** Mean predicted probability and the share with the outcome. */
  readonly expected: number;
  readonly actual: number;
}

/** People in `bins` groups of about equal size by probability, the lowest first. */
export function calibrationBins(
  probabilities: ArrayLike<number>,
  labels: Uint8Array,
  bins = 10,
): readonly CalibrationBin[] {
  const order = orderOf(probabilities);
  return Array.from({ length: bins }, (_, bin) => {
    const rows = order.subarray(Math.floor((bin * order.length) / bins), Math.floor(((bin + 1) * order.length) / bins));
    const sum = (of: ArrayLike<number>) => rows.reduce((total, row) => total + (of[row] as number), 0);
    return { people: rows.length, expected: sum(probabilities) / rows.length, actual: sum(labels) / rows.length };
  }).filter(({ people }) => people > 0);
}
