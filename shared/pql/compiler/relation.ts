/** Equality and order of values at run time. */
import type { Comparison } from '../ast.ts';
import { compareCodePoints } from '../events.ts';
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { Entry, Interval, type Value } from '../value.ts';

/** A literal opposite a path without a declared type: it takes the type of the value that it meets. */
export class Adaptive {
  readonly value: string | number | boolean;

  constructor(value: string | number | boolean) {
    this.value = value;
  }
}

export type Operand = Value | Adaptive;

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function adapt(literal: string | number | boolean, opposite: Value): Value {
  if (typeof opposite === typeof literal) return literal;
  if (typeof opposite === 'string') return String(literal);
  if (typeof opposite === 'number') return typeof literal === 'string' && NUMBER.test(literal) ? Number(literal) : null;
  if (typeof opposite === 'boolean') return literal === 'true' ? true : literal === 'false' ? false : null;
  return literal;
}

/**
 * Negative, zero or positive; NaN for values of like type that are unequal and have no order; undefined for unlike
 * types and null.
 */
export function relation(left: Operand, right: Operand, depth = 0): number | undefined {
  if (left instanceof Adaptive) {
    return right instanceof Adaptive
      ? relation(left.value, right.value, depth)
      : relation(adapt(left.value, right), right, depth);
  }
  if (right instanceof Adaptive) return relation(left, adapt(right.value, left), depth);
  if (left === null || right === null) return undefined;
  if (typeof left === 'number') return relateNumber(left, right);
  if (typeof left === 'string') return typeof right === 'string' ? compareCodePoints(left, right) : undefined;
  if (typeof left === 'boolean') return typeof right === 'boolean' ? (left === right ? 0 : Number.NaN) : undefined;
  return typeof right === 'object' ? relateObjects(left, right, depth) : relateToInterval(left, right);
}

function relateNumber(left: number, right: Value): number | undefined {
  if (typeof right === 'number') return left - right;
  if (!(right instanceof Interval)) return undefined;
  return left < right.start ? -1 : left >= right.end ? 1 : 0;
}

function relateToInterval(left: Value, right: Value): number | undefined {
  const reversed = left instanceof Interval && typeof right === 'number' ? relateNumber(right, left) : undefined;
  return reversed === undefined ? undefined : -reversed;
}

function relateObjects(left: Value & object, right: Value & object, depth: number): number | undefined {
  const isList = Array.isArray(left);
  if (isList !== Array.isArray(right)) return undefined;
  if (isList) return relateLists(left, right as readonly Value[], depth);
  if (left instanceof Interval || right instanceof Interval) {
    if (!(left instanceof Interval && right instanceof Interval)) return undefined;
    return left.start - right.start || left.end - right.end;
  }
  return areEqualObjects(left, right, depth) ? 0 : Number.NaN;
}

function relateLists(left: readonly Value[], right: readonly Value[], depth: number): number {
  if (depth > VALUE_DEPTH_MAX) return Number.NaN;
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const [a, b] = [left[at] ?? null, right[at] ?? null];
    const item = a === null && b === null ? 0 : (relation(a, b, depth + 1) ?? Number.NaN);
    if (item !== 0) return item;
  }
  return left.length - right.length;
}

function areEqual(left: Value, right: Value, depth: number): boolean {
  return left === right || (left !== null && right !== null && relation(left, right, depth) === 0);
}

/** Two events are equal when their `_id`s are. */
function areEqualObjects(left: Value & object, right: Value & object, depth: number): boolean {
  if (left === right) return true;
  if (depth > VALUE_DEPTH_MAX || left instanceof Entry || right instanceof Entry) return false;
  const leftId = eventId(left);
  if (leftId !== undefined && eventId(right) !== undefined) return leftId === eventId(right);
  const [leftFields, rightFields] = [fieldsOf(left), fieldsOf(right)];
  if (leftFields.size !== rightFields.size) return false;
  for (const [key, value] of leftFields) {
    const other = rightFields.get(key);
    if (other === undefined || !areEqual(value, other, depth + 1)) return false;
  }
  return true;
}

function eventId(value: object): unknown {
  if (!Object.hasOwn(value, '_id') || !Object.hasOwn(value, 'timestamp')) return undefined;
  const { _id, timestamp } = value as { readonly _id: unknown; readonly timestamp: unknown };
  return typeof timestamp === 'number' ? (_id ?? undefined) : undefined;
}

/** An absent field and a null one are the same. */
function fieldsOf(value: object): ReadonlyMap<string, Value> {
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const present = entries.filter(([, field]) => field !== null && field !== undefined);
  return new Map(present.map(([key, field]) => [String(key), field as Value]));
}

/** Whether `left operator right` holds; a list on the left holds if any element does. */
export function holds(operator: Comparison, left: Operand, right: Operand, depth = 0): boolean {
  if (Array.isArray(left) && !Array.isArray(right)) {
    if (depth > VALUE_DEPTH_MAX) return false;
    for (const item of left) if (holds(operator, item, right, depth + 1)) return true;
    return false;
  }
  return decide(operator, relation(left, right));
}

export function decide(operator: Comparison, order: number | undefined): boolean {
  if (order === undefined) return false;
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

export function includes(list: readonly Operand[], value: Operand): boolean {
  for (const item of list) if (relation(item, value) === 0) return true;
  return false;
}

/** Each value once, in order of first appearance. */
export function distinct(values: readonly Value[]): Value[] {
  const scalars = new Set<Value>();
  const objects: Value[] = [];
  return values.filter((value) => {
    if (value === null || typeof value !== 'object') {
      if (scalars.has(value)) return false;
      scalars.add(value);
      return true;
    }
    if (includes(objects, value)) return false;
    objects.push(value);
    return true;
  });
}
