/** What a profile carries of a model's answer. */
import { logit, sigmoid } from './logistic.ts';

export type Bucket = 'low' | 'medium' | 'high';
export type Importance = 'low' | 'medium' | 'high';

export interface Factor {
  readonly feature: string;
  /** Whether it raises or lowers this person's score, against an average person. */
  readonly direction: 'raises' | 'lowers';
  /** By thirds of the contributions found over the population. */
  readonly importance: Importance;
  /** In log odds. */
  readonly contribution: number;
  readonly value: string | number | null;
}

export interface PropensityScore {
  /** 0 to 100; 50 is the average of the population the model was trained on. */
  readonly score: number;
  /** Of the outcome within the window, calibrated. */
  readonly probability: number;
  /** Of 100 people so many have a lower score; 0 to 99. */
  readonly percentile: number;
  readonly bucket: Bucket;
  /** Epoch milliseconds. */
  readonly scoredAt: number;
  /** The most influential first. */
  readonly factors: readonly Factor[];
}

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

export function percentileOf(margin: number, bounds: readonly number[]): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] as number) <= margin) low = middle + 1;
    else high = middle;
  }
  return low;
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
