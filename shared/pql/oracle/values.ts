/** The oracle's own rules of values, written from docs/pql.md and sharing nothing with the compiler's. */
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { Entry, Interval, type MapKey, type Value } from '../value.ts';

export const isNumber = (value: unknown): value is number => typeof value === 'number';
export const isString = (value: unknown): value is string => typeof value === 'string';
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: unknown): value is ReadonlyMap<MapKey, Value> => value instanceof Map;

export const isPlainObject = (value: unknown): value is Readonly<Record<string, Value>> =>
  typeof value === 'object' &&
  value !== null &&
  !isList(value) &&
  !isMap(value) &&
  !(value instanceof Interval) &&
  !(value instanceof Entry);

/** Section 3: in a Boolean position. */
export function toBoolean(value: Value): boolean {
  if (value === null) return false;
  if (isBoolean(value)) return value;
  if (isList(value)) return value.length > 0;
  return true;
}

/** Undefined reads as null everywhere. */
export const orNull = (value: unknown): Value => (value === undefined ? null : (value as Value));

export function pairsOf(value: Value): (readonly [MapKey, Value])[] | undefined {
  if (isMap(value)) return [...value.entries()];
  if (isPlainObject(value)) return Object.keys(value).map((key) => [key, orNull(value[key])] as const);
  return undefined;
}

export function elementsOf(value: Value): readonly Value[] | undefined {
  if (isList(value)) return value.map(orNull);
  return pairsOf(value)?.map((pair) => pair[1]);
}

export function lookUp(object: Value, name: string, depth = 0): Value {
  if (isList(object)) {
    const found = depth < VALUE_DEPTH_MAX ? object.map((item) => lookUp(orNull(item), name, depth + 1)) : [];
    const flat = found.flatMap((value) => (isList(value) ? value.map(orNull) : [value]));
    return flat.filter((value) => value !== null);
  }
  if (isMap(object)) return orNull(object.get(name));
  if (isPlainObject(object)) return Object.hasOwn(object, name) ? orNull(object[name]) : null;
  return null;
}

type Family = 'number' | 'string' | 'boolean' | 'interval' | 'list' | 'object' | 'null';

function familyOf(value: Value): Family {
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (isString(value)) return 'string';
  if (isBoolean(value)) return 'boolean';
  if (value instanceof Interval) return 'interval';
  return isList(value) ? 'list' : 'object';
}

export type Order = 'less' | 'equal' | 'greater' | 'different' | 'unlike';

/** How two values that are not null stand to one another. */
export function orderOf(left: Value, right: Value, depth = 0): Order {
  const families = `${familyOf(left)} ${familyOf(right)}`;
  switch (families) {
    case 'number number':
      return byNumber(left as number, right as number);
    case 'string string':
      return byCodePoint(left as string, right as string);
    case 'boolean boolean':
      return left === right ? 'equal' : 'different';
    case 'interval interval': {
      const [a, b] = [left as Interval, right as Interval];
      const byStart = byNumber(a.start, b.start);
      return byStart === 'equal' ? byNumber(a.end, b.end) : byStart;
    }
    case 'number interval': {
      const { start, end } = right as Interval;
      if ((left as number) < start) return 'less';
      return (left as number) >= end ? 'greater' : 'equal';
    }
    case 'interval number': {
      const { start, end } = left as Interval;
      if ((right as number) < start) return 'greater';
      return (right as number) >= end ? 'less' : 'equal';
    }
    case 'list list':
      return byElements(left as readonly Value[], right as readonly Value[], depth);
    case 'object object':
      return areDeeplyEqual(left, right, depth) ? 'equal' : 'different';
    default:
      return 'unlike';
  }
}

function byNumber(left: number, right: number): Order {
  if (left === right) return 'equal';
  return left < right ? 'less' : 'greater';
}

export function byCodePoint(left: string, right: string): 'less' | 'equal' | 'greater' {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference < 0 ? 'less' : 'greater';
  }
  if (a.length === b.length) return 'equal';
  return a.length < b.length ? 'less' : 'greater';
}

function byElements(left: readonly Value[], right: readonly Value[], depth: number): Order {
  if (depth > VALUE_DEPTH_MAX) return 'different';
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const [a, b] = [orNull(left[at]), orNull(right[at])];
    if (a === null && b === null) continue;
    const order = a === null || b === null ? 'different' : orderOf(a, b, depth + 1);
    if (order === 'unlike') return 'different';
    if (order !== 'equal') return order;
  }
  return byNumber(left.length, right.length);
}

function areDeeplyEqual(left: Value, right: Value, depth: number): boolean {
  if (left === right) return true;
  if (depth > VALUE_DEPTH_MAX || left instanceof Entry || right instanceof Entry) return false;
  const [leftEvent, rightEvent] = [eventIdOf(left), eventIdOf(right)];
  if (leftEvent !== undefined && rightEvent !== undefined) return leftEvent === rightEvent;
  const present = (value: Value) => (pairsOf(value) ?? []).filter(([, field]) => field !== null);
  const [leftPairs, rightPairs] = [present(left), present(right)];
  if (leftPairs.length !== rightPairs.length) return false;
  return leftPairs.every(([key, field]) =>
    rightPairs.some(
      ([otherKey, other]) =>
        String(key) === String(otherKey) && (field === other || orderOf(field, other, depth + 1) === 'equal'),
    ),
  );
}

function eventIdOf(value: Value): Value | undefined {
  if (!isPlainObject(value)) return undefined;
  const [id, timestamp] = [lookUp(value, '_id'), lookUp(value, 'timestamp')];
  return id !== null && isNumber(timestamp) ? id : undefined;
}

export const areEqual = (left: Value, right: Value): boolean =>
  left !== null && right !== null && orderOf(left, right) === 'equal';

/** Each value once; null counts as a value here. */
export function withoutRepetition(values: readonly Value[]): Value[] {
  const once: Value[] = [];
  for (const value of values) {
    const isKnown = once.some((other) => (other === null && value === null) || isSame(other, value));
    if (!isKnown) once.push(value);
  }
  return once;
}

/** A number within an interval equals it in a comparison, but is not the same value. */
function isSame(left: Value, right: Value): boolean {
  const isInterval = (value: Value) => value instanceof Interval;
  return isInterval(left) === isInterval(right) && areEqual(left, right);
}
