/** Literals take the type of what they are used with: "5" opposite an integer is 5. */
import type { Expression, Literal } from '../ast.ts';
import { parseInstant } from '../time/instant.ts';
import type { Zone } from '../time/zone.ts';
import { ANY, describe, listOf, type Type, unify } from '../types.ts';
import type { Check } from './scope.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

export const isLiteral = (node: Expression): boolean =>
  node.kind === 'literal' || (node.kind === 'list' && node.items.every(isLiteral));

/** The number a text writes, or undefined. */
export function numberOf(text: string): number | undefined {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The literal as a value of the type; undefined if it can't be. */
function convert(literal: Literal, target: Type, zone: Zone): Literal | undefined {
  const { value } = literal;
  switch (target.kind) {
    case 'integer':
    case 'double':
      return toNumber(literal);
    case 'boolean':
      if (typeof value === 'boolean') return literal;
      return value === 'true' || value === 'false' ? as(literal, 'boolean', value === 'true') : undefined;
    case 'string':
      return typeof value === 'string' ? literal : as(literal, 'string', String(value));
    case 'timestamp':
    case 'date':
    case 'interval':
      return toTimestamp(literal, zone);
    default:
      return literal;
  }
}

function toNumber(literal: Literal): Literal | undefined {
  if (typeof literal.value === 'number') return literal;
  const number = typeof literal.value === 'string' ? numberOf(literal.value) : undefined;
  if (number === undefined) return undefined;
  return as(literal, Number.isInteger(number) ? 'integer' : 'double', number);
}

function toTimestamp(literal: Literal, zone: Zone): Literal | undefined {
  const { value } = literal;
  if (typeof value === 'number') return as(literal, 'timestamp', value);
  const instant = typeof value === 'string' ? parseInstant(value, zone) : null;
  return instant === null ? undefined : as(literal, 'timestamp', instant);
}

function as(literal: Literal, kind: Exclude<Literal['literalType'], 'null'>, value: Literal['value']): Literal {
  return { ...literal, value, literalType: kind, type: { kind } };
}

/** A literal (or list of literals) for use with values of `target`. Reports what can't be. */
export function coerce(check: Check, node: Expression, target: Type): Expression {
  const scalar = target.kind === 'list' ? target.item : target;
  if (node.kind === 'list') {
    const items = node.items.map((item) => (isLiteral(item) ? coerce(check, item, scalar) : item));
    return { ...node, items, type: listOf(items.map(({ type }) => type).reduce(unify, { kind: 'null' })) };
  }
  if (node.kind !== 'literal' || node.value === null) return node;
  if (scalar.kind === 'any' || scalar.kind === 'null') return { ...node, adapts: true };
  if (scalar.kind === 'list') return coerce(check, node, scalar);
  const converted = convert(node, scalar, check.zone);
  if (converted !== undefined) return converted;
  const message = `${JSON.stringify(node.value)} is no ${describe(scalar)}`;
  check.error(node.span, 'PQL3004', message, hintFor(scalar));
  // Of any type from here on: one mistake is reported once.
  return { ...node, type: ANY };
}

function hintFor(type: Type): string | undefined {
  if (type.kind !== 'timestamp' && type.kind !== 'date') return undefined;
  return 'write a date, or a time with its offset: "2024-02-29T12:00:00Z"';
}

/** Two literals of unlike types: the one that is text takes the other's type. */
export function coerceLiterals(check: Check, left: Expression, right: Expression): readonly [Expression, Expression] {
  if (left.type.kind === 'string' && right.type.kind !== 'string') return [coerce(check, left, right.type), right];
  return [left, coerce(check, right, left.type)];
}
