/** Makers of nodes that both spellings share, so that text and JSON come to the same tree. */
import type { Call, Comparison, Expression, ItemCall, Literal, Span, StepCount } from '../ast.ts';
import { ANY, BOOLEAN, DOUBLE, INTEGER, NULL, STRING } from '../types.ts';
import { ITEM_FUNCTIONS } from './words.ts';

export const stringLiteral = (value: string, span: Span): Literal => ({
  kind: 'literal',
  value,
  literalType: 'string',
  span,
  type: STRING,
});

export const booleanLiteral = (value: boolean, span: Span): Literal => ({
  kind: 'literal',
  value,
  literalType: 'boolean',
  span,
  type: BOOLEAN,
});

export const nullLiteral = (span: Span): Literal => ({
  kind: 'literal',
  value: null,
  literalType: 'null',
  span,
  type: NULL,
});

export const numberLiteral = (value: number, isInteger: boolean, span: Span): Literal => ({
  kind: 'literal',
  value,
  literalType: isInteger ? 'integer' : 'double',
  span,
  type: isInteger ? INTEGER : DOUBLE,
});

export function call(fn: string, args: readonly Expression[], span: Span): Call | ItemCall {
  const [list, body, ...rest] = args;
  if (list === undefined || !ITEM_FUNCTIONS.has(fn)) return { kind: 'call', fn, args, span, type: ANY };
  return { kind: 'itemCall', fn, list, body, args: rest, span, type: ANY };
}

export const cover = (first: Span, last: Span): Span => ({
  start: first.start,
  end: Math.max(first.end, last.end),
  line: first.line,
  column: first.column,
});

export const AT_LEAST_ONE: StepCount = { min: 1, max: Number.POSITIVE_INFINITY, positive: true };
export const NONE: StepCount = { min: 0, max: 0, positive: false };

/** `COUNT(>= 0)` holds whatever happens, so it has no event that a label could name. */
export function stepCount(operator: Comparison, count: number): StepCount {
  const unbounded = Number.POSITIVE_INFINITY;
  switch (operator) {
    case '>=':
      return { min: count, max: unbounded, positive: count > 0 };
    case '>':
      return { min: count + 1, max: unbounded, positive: true };
    case '=':
      return { min: count, max: count, positive: false };
    case '<=':
      return { min: 0, max: count, positive: false };
    case '<':
      return { min: 0, max: count - 1, positive: false };
    case '!=':
      return { min: 0, max: unbounded, except: count, positive: false };
  }
}
