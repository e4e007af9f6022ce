/** Functions of the items of a list, given what the body makes of each. */
import { Entry, type MapKey, type Value } from '../value.ts';
import {
  byCodePoint,
  elementsOf,
  isBoolean,
  isList,
  isNumber,
  isString,
  pairsOf,
  toBoolean,
  withoutRepetition,
} from './values.ts';

export type Body = (item: Value, key: Value) => Value;

/** A list among what is folded counts as its elements; nulls are left out. */
export const foldable = (values: readonly Value[]): Value[] =>
  values
    .flatMap((value) => (isList(value) ? [...value] : [value]))
    .filter((value) => value !== null && value !== undefined);

export function fold(fn: string, values: readonly Value[]): Value {
  const numbers = values.filter(isNumber);
  const total = numbers.reduce((sum, value) => sum + value, 0);
  const finite = Number.isFinite(total) ? total : null;
  switch (fn) {
    case 'sum':
      return finite;
    case 'average':
      return numbers.length === 0 || finite === null ? null : finite / numbers.length;
    case 'min':
      return extremeOf(values, 'less');
    case 'max':
      return extremeOf(values, 'greater');
    case 'distinctCount':
      return withoutRepetition(values).length;
    default:
      return values.length;
  }
}

/** Among numbers, or among strings if a string comes first. */
function extremeOf(values: readonly Value[], wanted: 'less' | 'greater'): Value {
  const first = values.find((value) => isNumber(value) || isString(value));
  if (isNumber(first)) {
    const numbers = values.filter(isNumber);
    return numbers.reduce((best, value) => ((wanted === 'less' ? value < best : value > best) ? value : best));
  }
  if (first === undefined) return null;
  return values.filter(isString).reduce((best, value) => (byCodePoint(value, best) === wanted ? value : best));
}

const isKey = (value: Value): value is MapKey => isNumber(value) || isString(value) || isBoolean(value);

export function groupBy(value: Value, body: Body): Value {
  const items = elementsOf(value);
  if (items === undefined) return null;
  const keyed = items.map((item) => {
    const key = body(item, null);
    return { item, keys: (isList(key) ? key : [key]).filter((each) => each !== undefined && isKey(each)) as MapKey[] };
  });
  const keys = withoutRepetition(keyed.flatMap((each) => each.keys)) as MapKey[];
  return new Map(keys.map((key) => [key, keyed.filter((each) => each.keys.includes(key)).map(({ item }) => item)]));
}

const RANKED = ['number', 'string', 'boolean'];

function compareKeys(left: MapKey, right: MapKey): number {
  const ranks = RANKED.indexOf(typeof left) - RANKED.indexOf(typeof right);
  if (ranks !== 0) return ranks;
  if (isString(left) && isString(right)) return { less: -1, equal: 0, greater: 1 }[byCodePoint(left, right)];
  return Number(left) - Number(right);
}

export function ranked(fn: string, value: Value, body: Body, count: Value): Value {
  const items = elementsOf(value);
  if (items === undefined || !isNumber(count)) return null;
  const keyed = items.map((item) => ({ item, key: body(item, null) })).filter(({ key }) => isKey(key));
  const ascending = (left: { key: Value }, right: { key: Value }) =>
    compareKeys(left.key as MapKey, right.key as MapKey);
  const sorted = keyed.toSorted((left, right) => (fn === 'topN' ? ascending(right, left) : ascending(left, right)));
  return sorted.filter((_, index) => index < Math.floor(count)).map(({ item }) => item);
}

export function filter(value: Value, body: Body): Value {
  if (isList(value)) return value.filter((item) => toBoolean(body(item ?? null, null)));
  const pairs = pairsOf(value);
  return pairs === undefined ? null : new Map(pairs.filter(([key, item]) => toBoolean(body(item, key))));
}

/** `makesMap` by type; `isLambda` because only a body without parameters keeps the keys of a map. */
export function map(value: Value, body: Body, makesMap: boolean, isLambda: boolean): Value {
  const asMap = (results: readonly Value[]): Value =>
    new Map(results.filter((result) => result instanceof Entry).map(({ key, value: item }) => [key, item]));
  if (isList(value)) {
    const results = value.map((item) => body(item ?? null, null));
    return makesMap ? asMap(results) : results;
  }
  const pairs = pairsOf(value);
  if (pairs === undefined) return null;
  const results = pairs.map(([key, item]) => body(item, key));
  if (isLambda) return makesMap ? asMap(results) : results;
  if (makesMap && results.some((result) => result instanceof Entry)) return asMap(results);
  return new Map(pairs.map(([key], index) => [key, results[index] ?? null]));
}
