/** What a profile carries of a model's answer. */
import type { PropensityFactor, PropensityScore } from '#shared/profile/batch-results.ts';
import { logit, sigmoid } from './logistic.ts';

export type Bucket = PropensityScore['bucket'];
export type Importance = PropensityFactor['importance'];

export const MEDIUM_FROM = 25;
export const HIGH_FROM = 75;
export const FACTORS_MAX = 5;

export const scoreOf = (margin: number, baseRate: number): number =>
  Math.round(100 * sigmoid(margin - logit(baseRate)));

export function bucketOf(score: number): Bucket {
  if (score < MEDIUM_FROM) return 'low';
  return score < HIGH_FROM ? 'medium' : 'high';
}

const PERCENTILES = 100;

/** The margins that split the population into hundredths: 99 bounds, ascending. */
export function percentileBounds(margins: ArrayLike<number>): readonly number[] {
  const sorted = Float64Array.from(margins).sort();
  return Array.from(
    { length: PERCENTILES - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / PERCENTILES)] as number,
  );
}

/** 1 to 100: so many of 100 people score at most as high. */
export function percentileOf(margin: number, bounds: readonly number[]): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] as number) <= margin) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** Bounds between the thirds of all contributions that are not nothing, by size. */
export type ImportanceBounds = readonly [number, number];

export function importanceBounds(contributions: readonly Float64Array[]): ImportanceBounds {
  const sizes = contributions
    .flatMap((row) => [...row].map(Math.abs).filter((size) => size > 0))
    .sort((left, right) => left - right);
  const third = (index: number) => sizes[Math.floor((index * sizes.length) / 3)] ?? 0;
  return [third(1), third(2)];
}

export function importanceOf(contribution: number, [low, high]: ImportanceBounds): Importance {
  const size = Math.abs(contribution);
  if (size < low) return 'low';
  return size < high ? 'medium' : 'high';
}

/** Whether nobody would tell them apart: the same score, bucket and factors, whenever they were found. */
export function isSameScore(left: PropensityScore | undefined, right: PropensityScore): boolean {
  if (left === undefined || left.score !== right.score || left.bucket !== right.bucket) return false;
  const names = ({ factors }: PropensityScore) =>
    factors.map(({ name, direction }) => `${direction} ${name}`).join('\n');
  return names(left) === names(right);
}
