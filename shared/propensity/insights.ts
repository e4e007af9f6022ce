/** What the scores of everybody add up to: counted range by range, then put together. */
import type { PropensityScore } from '#shared/profile/batch-results.ts';
import { addFactors, type FactorTally, NO_FACTOR, tallyFactor } from './factor-tally.ts';
import type { Bucket } from './score.ts';

export interface BucketTally {
  readonly people: number;
  /** Sum of probabilities. */
  readonly expected: number;
  readonly factors: Readonly<Record<string, FactorTally>>;
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

export function tallyScores(scores: readonly PropensityScore[]): ScoreTally {
  const distribution = new Array<number>(SCORES).fill(0);
  for (const { score } of scores) distribution[score] = (distribution[score] ?? 0) + 1;
  const of = (bucket: Bucket) => tallyBucket(scores.filter((score) => score.bucket === bucket));
  return { distribution, buckets: { low: of('low'), medium: of('medium'), high: of('high') } };
}

function tallyBucket(scores: readonly PropensityScore[]): BucketTally {
  const factors = new Map<string, FactorTally>();
  for (const factor of scores.flatMap((score) => score.factors)) {
    factors.set(factor.name, addFactors(factors.get(factor.name) ?? NO_FACTOR, tallyFactor(factor)));
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
  for (const [name, factor] of Object.entries(right.factors)) {
    factors.set(name, addFactors(factors.get(name) ?? NO_FACTOR, factor));
  }
  return {
    people: left.people + right.people,
    expected: left.expected + right.expected,
    factors: Object.fromEntries(factors),
  };
}

export interface TopFactor extends Pick<FactorTally, 'people' | 'raises' | 'lowers'> {
  readonly name: string;
}

/** The factors that stand among the strongest of most people of a bucket. */
export const topFactors = ({ factors }: BucketTally, count = 10): readonly TopFactor[] =>
  Object.entries(factors)
    .map(([name, { people, raises, lowers }]) => ({ name, people, raises, lowers }))
    .sort((left, right) => right.people - left.people || (left.name < right.name ? -1 : 1))
    .slice(0, count);

/** Of an earlier run, as it turned out: whom it had scored, by what is known now, and to how many the outcome occurred. */
export interface FollowUp {
  readonly runId: string;
  readonly people: number;
  readonly occurred: number;
}

/** What a part of a run leaves. */
export interface ScoresPart {
  readonly tally: ScoreTally;
  readonly followUps: readonly FollowUp[];
}

export function addFollowUps(left: readonly FollowUp[], right: readonly FollowUp[]): readonly FollowUp[] {
  const all = new Map(left.map((each) => [each.runId, each]));
  for (const { runId, people, occurred } of right) {
    const before = all.get(runId) ?? { people: 0, occurred: 0 };
    all.set(runId, { runId, people: before.people + people, occurred: before.occurred + occurred });
  }
  return [...all.values()];
}
