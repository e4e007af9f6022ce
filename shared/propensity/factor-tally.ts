/**
 * What a factor is like among people: how strongly it counts, and which values it has. Counted range by range and added up, so
 * numbers fall between bounds that are the same for every range: 1, 2, 5, 10 … to either side of nothing.
 */
import type { PropensityFactor } from '#shared/profile/batch-results.ts';
import type { Importance } from './score.ts';

/** People who have a value alike, and what it does to their scores. */
export interface ValueTally {
  readonly people: number;
  /** Sum of contributions, in log odds. */
  readonly contribution: number;
}

export interface FactorTally {
  /** People of the bucket among whose strongest factors it is. */
  readonly people: number;
  readonly raises: number;
  readonly lowers: number;
  readonly importance: Readonly<Record<Importance, number>>;
  /** Sum of contributions, in log odds. */
  readonly contribution: number;
  /** By what `valueKey` says. */
  readonly values: Readonly<Record<string, ValueTally>>;
}

const DECADES = [1e-3, 1e-2, 0.1, 1, 10, 1e2, 1e3, 1e4, 1e5, 1e6];
/** Lower bounds of numbers above nothing. */
const BOUNDS: readonly number[] = DECADES.flatMap((decade) => [1, 2, 5].map((step) => step * decade));
/** Texts that are kept apart; the others are counted together. */
const TEXTS_MAX = 40;
const TEXT_LENGTH_MAX = 80;

const NUMBER = '#';
const TEXT = '=';
export const MISSING = '-';
export const OTHER_TEXTS = '…';

/** Kept apart from texts by its first sign, so that no text is taken for a number. */
export function valueKey(value: PropensityFactor['value']): string {
  if (value === null) return MISSING;
  if (typeof value === 'string') return `${TEXT}${value.slice(0, TEXT_LENGTH_MAX)}`;
  if (value === 0) return `${NUMBER}0`;
  const index = BOUNDS.findLastIndex((bound) => bound <= Math.abs(value));
  return `${NUMBER}${Math.sign(value) * (index + 2)}`;
}

/** What a key stands for: from a number, which belongs to it, to another, which does not; both absent without a value. */
export interface ValueRange {
  readonly from?: number;
  readonly to?: number;
  readonly text?: string;
  readonly isOther?: true;
}

export function valueRange(key: string): ValueRange {
  if (key === MISSING) return {};
  if (key === OTHER_TEXTS) return { isOther: true };
  if (key.startsWith(TEXT)) return { text: key.slice(1) };
  const place = Number(key.slice(1));
  if (place === 0) return { from: 0, to: 0 };
  const index = Math.abs(place) - 2;
  const [near, far] = [BOUNDS[index] ?? 0, BOUNDS[index + 1]];
  if (place > 0) return { from: near, ...(far === undefined ? {} : { to: far }) };
  return { ...(far === undefined ? {} : { from: -far }), to: -near };
}

const NO_VALUE: ValueTally = { people: 0, contribution: 0 };
export const NO_FACTOR: FactorTally = {
  people: 0,
  raises: 0,
  lowers: 0,
  importance: { low: 0, medium: 0, high: 0 },
  contribution: 0,
  values: {},
};

export function tallyFactor({ direction, importance, contribution, value }: PropensityFactor): FactorTally {
  return {
    ...NO_FACTOR,
    people: 1,
    [direction]: 1,
    importance: { ...NO_FACTOR.importance, [importance]: 1 },
    contribution,
    values: { [valueKey(value)]: { people: 1, contribution } },
  };
}

export function addFactors(left: FactorTally, right: FactorTally): FactorTally {
  const importance = (of: Importance) => left.importance[of] + right.importance[of];
  return {
    people: left.people + right.people,
    raises: left.raises + right.raises,
    lowers: left.lowers + right.lowers,
    importance: { low: importance('low'), medium: importance('medium'), high: importance('high') },
    contribution: left.contribution + right.contribution,
    values: addValues(left.values, right.values),
  };
}

type Values = FactorTally['values'];

function addValues(left: Values, right: Values): Values {
  const all = new Map(Object.entries(left));
  for (const [key, { people, contribution }] of Object.entries(right)) {
    const place = all.has(key) || !key.startsWith(TEXT) || all.size < TEXTS_MAX ? key : OTHER_TEXTS;
    const before = all.get(place) ?? NO_VALUE;
    all.set(place, { people: before.people + people, contribution: before.contribution + contribution });
  }
  return Object.fromEntries(all);
}

/** Numbers ascending, then texts by how many have them, then whoever has none. */
export function valuesInOrder({ values }: FactorTally): readonly (ValueRange & ValueTally)[] {
  const rank = ({ from, to, text, isOther }: ValueRange) => {
    if (text !== undefined) return 1;
    if (isOther) return 2;
    return from === undefined && to === undefined ? 3 : 0;
  };
  const low = ({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: ValueRange) =>
    from + Math.min(to, 0);
  return Object.entries(values)
    .map(([key, tally]) => ({ ...valueRange(key), ...tally }))
    .sort(
      (left, right) =>
        rank(left) - rank(right) || (rank(left) === 0 ? low(left) - low(right) : right.people - left.people),
    );
}
