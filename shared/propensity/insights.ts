/** What the scores of everybody add up to: counted range by range, then put together. */
import type { PropensityScore } from '#shared/profile/batch-results.ts';
import type { Bucket } from './score.ts';

export interface FactorCount {
  /** People of the bucket among whose strongest factors it is. */
  readonly people: number;
  readonly raises: number;
  readonly lowers: number;
}

export interface BucketTally {
  readonly people: number;
  /** Sum of probabilities. */
  readonly expected: number;
  readonly factors: Readonly<Record<string, FactorCount>>;
}

export interface ScoreTally {
  /** People by score, 0 to 100. */
  readonly distribution: readonly number[];
  readonly buckets: Readonly<Record<Bucket, BucketTally>>;
}

export const BUCKETS: readonly Bucket[] = ['low', 'medium', 'high'];
const SCORES = 101;

const NO_BUCKET: BucketTally = { people: 0, expected: 0, factors: {} };
export const NO_SCORES: ScoreTally = {
  distribution: new Array(SCORES).fill(0),
  buckets: { low: NO_BUCKET, medium: NO_BUCKET, high: NO_BUCKET },
};

const NO_FACTOR: FactorCount = { people: 0, raises: 0, lowers: 0 };

export function tallyScores(scores: readonly PropensityScore[]): ScoreTally {
  const distribution = new Array<number>(SCORES).fill(0);
  for (const { score } of scores) distribution[score] = (distribution[score] ?? 0) + 1;
  const of = (bucket: Bucket) => tallyBucket(scores.filter((score) => score.bucket === bucket));
  return { distribution, buckets: { low: of('low'), medium: of('medium'), high: of('high') } };
}

function tallyBucket(scores: readonly PropensityScore[]): BucketTally {
  const factors = new Map<string, FactorCount>();
  for (const { name, direction } of scores.flatMap((score) => score.factors)) {
    const before = factors.get(name) ?? NO_FACTOR;
    factors.set(name, { ...before, people: before.people + 1, [direction]: before[direction] + 1 });
  }
  const expected = scores.reduce((sum, { probability }) => sum + probability, 0);
  return { people: scores.length, expected, factors: Object.fromEntries(factors) };
}

export function addTallies(left: ScoreTally, right: ScoreTally): ScoreTally {
  const bucket = (name: Bucket) => addBuckets(left.buckets[name], right.buckets[name]);
  return {
    distribution: left.distribution.map((people, score) => people + (right.distribution[score] ?? 0)),
    buckets: { low: bucket('low'), medium: bucket('medium'), high: bucket('high') },
  };
}

function addBuckets(left: BucketTally, right: BucketTally): BucketTally {
  const factors = new Map(Object.entries(left.factors));
  for (const [name, { people, raises, lowers }] of Object.entries(right.factors)) {
    const before = factors.get(name) ?? NO_FACTOR;
    factors.set(name, {
      people: before.people + people,
      raises: before.raises + raises,
      lowers: before.lowers + lowers,
    });
  }
  return {
    people: left.people + right.people,
    expected: left.expected + right.expected,
    factors: Object.fromEntries(factors),
  };
}

export interface TopFactor extends FactorCount {
  readonly name: string;
}

/** The factors that stand among the strongest of most people of a bucket. */
export const topFactors = ({ factors }: BucketTally, count = 10): readonly TopFactor[] =>
  Object.entries(factors)
    .map(([name, factor]) => ({ name, ...factor }))
    .sort((left, right) => right.people - left.people || (left.name < right.name ? -1 : 1))
    .slice(0, count);
