/** The words that mean something in some place. Keyed by lower case: keywords are case-insensitive. */
import type { Comparison, Direction, FoldName, Unit } from '../ast.ts';

/** These are no first names of a path unless back-ticked. After a dot any word is a name. */
export const RESERVED: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'notin',
  'in',
  'like',
  'matches',
  'occurs',
  'let',
  'select',
  'from',
  'where',
  'over',
  'true',
  'false',
  'null',
  'this',
]);

/** Reserved words that can't begin an operand. */
export const INFIX_WORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'notin',
  'in',
  'like',
  'matches',
  'occurs',
  'from',
  'where',
  'over',
]);

export const COMPARISONS: ReadonlyMap<string, Comparison> = new Map(
  (['=', '!=', '<', '<=', '>', '>='] as const).map((operator) => [operator, operator]),
);

/** Infix words that are calls: `a like b` is `a.like(b)`. */
export const INFIX_CALLS: ReadonlyMap<string, string> = new Map([
  ['like', 'like'],
  ['matches', 'matches'],
  ['in', 'in'],
  ['notin', 'notIn'],
]);

export const FOLDS: ReadonlyMap<string, FoldName> = new Map(
  (['sum', 'average', 'min', 'max', 'count'] as const).map((name) => [name, name]),
);

export const QUANTIFIERS: ReadonlyMap<string, 'exists' | 'forall'> = new Map([
  ['exists', 'exists'],
  ['forall', 'forall'],
]);

export const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ['before', 'before'],
  ['after', 'after'],
  ['from', 'after'],
]);

export const WHICH: ReadonlyMap<string, 'this' | 'last' | 'next'> = new Map([
  ['this', 'this'],
  ['last', 'last'],
  ['next', 'next'],
]);

export const DAYS: ReadonlyMap<string, 'this' | 'last' | 'next'> = new Map([
  ['today', 'this'],
  ['yesterday', 'last'],
  ['tomorrow', 'next'],
]);

const PLURALS: readonly (readonly [Unit, ...string[]])[] = [
  ['millisecond', 'milliseconds'],
  ['second', 'seconds'],
  ['minute', 'minutes'],
  ['hour', 'hours'],
  ['day', 'days'],
  ['week', 'weeks'],
  ['month', 'months'],
  ['year', 'years'],
  ['decade', 'decades'],
  ['century', 'centuries'],
  ['millennium', 'millenniums', 'millennia'],
];

export const UNITS: ReadonlyMap<string, Unit> = new Map(
  PLURALS.flatMap(([unit, ...plurals]) => [unit, ...plurals].map((word) => [word, unit] as const)),
);

/** Functions with an argument that is evaluated per item. */
export const ITEM_FUNCTIONS: ReadonlySet<string> = new Set([
  'filter',
  'map',
  'exists',
  'forall',
  'sum',
  'average',
  'min',
  'max',
  'distinctCount',
  'groupBy',
  'topN',
  'bottomN',
]);
