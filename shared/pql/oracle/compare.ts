/** Comparisons and membership, with literals that take the type of the value they meet. */
import type { Comparison, Expression } from '../ast.ts';
import { VALUE_DEPTH_MAX } from '../limits.ts';
import type { Value } from '../value.ts';
import { isBoolean, isList, isNumber, isString, type Order, orderOf, withoutRepetition } from './values.ts';

/** A value that knows whether it was written as a literal opposite a path without a declared type. */
export interface Operand {
  readonly value: Value;
  readonly adapts: boolean;
  /** Of a list that was written out: its items, each of which may adapt. */
  readonly items?: readonly Operand[];
}

export function operandOf(node: Expression, value: Value): Operand {
  if (node.kind === 'list' && isList(value)) {
    return { value, adapts: false, items: node.items.map((item, index) => operandOf(item, value[index] ?? null)) };
  }
  return { value, adapts: node.kind === 'literal' && node.adapts === true && value !== null };
}

const plain = (value: Value): Operand => ({ value, adapts: false });

const itemsOf = (operand: Operand): readonly Operand[] | undefined =>
  operand.items ?? (isList(operand.value) ? operand.value.map((item) => plain(item ?? null)) : undefined);

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** The operand's value, as it stands opposite `opposite`. */
function fitted({ value, adapts }: Operand, opposite: Value): Value {
  if (!adapts) return value;
  if (isString(opposite)) return String(value);
  if (isNumber(opposite)) {
    if (isNumber(value)) return value;
    return isString(value) && DECIMAL.test(value) ? Number(value) : null;
  }
  if (isBoolean(opposite)) {
    if (isBoolean(value)) return value;
    if (value === 'true') return true;
    return value === 'false' ? false : null;
  }
  return value;
}

function order(left: Operand, right: Operand): Order {
  const [leftItems, rightItems] = [itemsOf(left), itemsOf(right)];
  if (leftItems !== undefined && rightItems !== undefined) return orderOfLists(leftItems, rightItems);
  const [a, b] = [fitted(left, right.value), fitted(right, left.value)];
  return a === null || b === null ? 'unlike' : orderOf(a, b);
}

function orderOfLists(left: readonly Operand[], right: readonly Operand[]): Order {
  if (!left.some(({ adapts, items }) => adapts || items) && !right.some(({ adapts, items }) => adapts || items)) {
    const values = (list: readonly Operand[]) => list.map(({ value }) => value);
    return orderOf(values(left), values(right));
  }
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const [a, b] = [left[at] as Operand, right[at] as Operand];
    if (a.value === null && b.value === null) continue;
    const found = order(a, b);
    if (found === 'unlike') return 'different';
    if (found !== 'equal') return found;
  }
  if (left.length === right.length) return 'equal';
  return left.length < right.length ? 'less' : 'greater';
}

/** A list on the left of a scalar: any element. Null and unlike types: never. */
export function compares(operator: Comparison, left: Operand, right: Operand, depth = 0): boolean {
  const leftItems = itemsOf(left);
  if (leftItems !== undefined && itemsOf(right) === undefined) {
    return depth <= VALUE_DEPTH_MAX && leftItems.some((item) => compares(operator, item, right, depth + 1));
  }
  const found = order(left, right);
  switch (operator) {
    case '=':
      return found === 'equal';
    case '!=':
      return found === 'less' || found === 'greater' || found === 'different';
    case '<':
      return found === 'less';
    case '<=':
      return found === 'less' || found === 'equal';
    case '>':
      return found === 'greater';
    case '>=':
      return found === 'greater' || found === 'equal';
  }
}

const isAmong = (value: Operand, list: readonly Operand[]): boolean =>
  value.value !== null && list.some((item) => item.value !== null && order(item, value) === 'equal');

export function isIn(value: Operand, list: Operand): boolean {
  const among = itemsOf(list);
  if (value.value === null || among === undefined) return false;
  return isAmong(value, among) || (itemsOf(value) ?? []).some((item) => isAmong(item, among));
}

export function isNotIn(value: Operand, list: Operand): boolean {
  const among = itemsOf(list);
  if (value.value === null || among === undefined || isAmong(value, among)) return false;
  const items = itemsOf(value);
  return items === undefined || items.some((item) => item.value !== null && !isAmong(item, among));
}

export function includes(list: Operand, value: Operand): boolean {
  const among = itemsOf(list);
  return among !== undefined && isAmong(value, among);
}

export function setTest(fn: string, left: Operand, right: Operand): boolean {
  const [a, b] = [itemsOf(left), itemsOf(right)];
  if (a === undefined || b === undefined) return false;
  if (fn === 'intersects') return a.some((item) => isAmong(item, b));
  return fn === 'subsetOf' ? a.every((item) => isAmong(item, b)) : b.every((item) => isAmong(item, a));
}

export function intersection(left: Operand, right: Operand): Value {
  const [a, b] = [itemsOf(left), itemsOf(right)];
  if (a === undefined || b === undefined) return null;
  const common = withoutRepetition(a.filter((item) => isAmong(item, b)).map(({ value }) => value));
  return common.length > 0 ? common : null;
}

function inLowerCase(operand: Operand): Operand {
  const items = operand.items?.map(inLowerCase);
  const lower = (value: Value, depth = 0): Value => {
    if (isList(value)) return depth > VALUE_DEPTH_MAX ? null : value.map((item) => lower(item ?? null, depth + 1));
    return isString(value) ? value.toLowerCase() : value;
  };
  return { value: lower(operand.value), adapts: operand.adapts, ...(items === undefined ? {} : { items }) };
}

/** `equals` (any of them) and `notEqualTo`: like = and !=, but a null among them makes it false. */
export function equalsAny(operator: '=' | '!=', operands: readonly Operand[], ignoreCase: boolean): boolean {
  const [receiver, ...candidates] = ignoreCase ? operands.map(inLowerCase) : operands;
  if (receiver === undefined || candidates.some(({ value }) => value === null)) return false;
  return candidates.some((candidate) => compares(operator, receiver, candidate));
}
