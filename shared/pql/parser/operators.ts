/** From `or` down to the unary minus. */
import type { Expression } from '../ast.ts';
import { LIST_SIZE_MAX } from '../limits.ts';
import { ANY } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { call, cover, numberLiteral } from './nodes.ts';
import { parsePostfix } from './postfix.ts';
import { parseWhen } from './when.ts';
import { COMPARISONS, INFIX_CALLS } from './words.ts';

export const parseOr = (cursor: Cursor): Expression => parseJunction(cursor, 'or', parseAnd);

const parseAnd = (cursor: Cursor): Expression =>
  parseJunction(cursor, 'and', (inner) => inner.recovering(() => parseNot(inner)));

/** One node for the whole row: a thousand alternatives are wide, not deep. */
function parseJunction(cursor: Cursor, word: string, operand: (cursor: Cursor) => Expression): Expression {
  const first = operand(cursor);
  if (!cursor.isWord(word)) return first;
  const operands = [first];
  while (cursor.takeWord(word)) {
    if (operands.length === LIST_SIZE_MAX) {
      throw cursor.failure('PQL2104', cursor.peek(), `at most ${LIST_SIZE_MAX} operands (LIST_SIZE_MAX)`);
    }
    operands.push(operand(cursor));
  }
  return call(word, operands, cover(first.span, (operands.at(-1) as Expression).span));
}

function parseNot(cursor: Cursor): Expression {
  if (!cursor.isWord('not') && !cursor.isSymbol('!')) return parseComparison(cursor);
  const start = cursor.take();
  const operand = cursor.nested(() => parseNot(cursor));
  return call('not', [operand], cover(start, operand.span));
}

function parseComparison(cursor: Cursor): Expression {
  const left = parseSum(cursor);
  const comparison = continueComparison(cursor, left);
  if (comparison !== left && startsComparison(cursor)) {
    const hint = 'join two comparisons by "and", or put one into parentheses';
    throw cursor.failure('PQL2002', cursor.peek(), 'a comparison is not compared again', hint);
  }
  return comparison;
}

function startsComparison(cursor: Cursor): boolean {
  const { kind, key } = cursor.peek();
  if (kind === 'symbol') return COMPARISONS.has(key);
  if (kind !== 'word' || (key === 'in' && cursor.isBinding)) return false;
  return INFIX_CALLS.has(key) || key === 'occurs';
}

function continueComparison(cursor: Cursor, left: Expression): Expression {
  if (!startsComparison(cursor)) return left;
  const { key } = cursor.take();
  if (key === 'occurs') {
    const when = parseWhen(cursor);
    return { kind: 'occurs', operand: left, when, span: cover(left.span, cursor.last()), type: ANY };
  }
  const right = parseSum(cursor);
  return call(COMPARISONS.get(key) ?? INFIX_CALLS.get(key) ?? key, [left, right], cover(left.span, right.span));
}

export function parseSum(cursor: Cursor): Expression {
  let left = parseProduct(cursor);
  while (cursor.isSymbol('+') || cursor.isSymbol('-')) {
    const { text } = cursor.take();
    const right = parseProduct(cursor);
    left = call(text, [left, right], cover(left.span, right.span));
  }
  return left;
}

function parseProduct(cursor: Cursor): Expression {
  let left = parseUnary(cursor);
  while (cursor.isSymbol('*') || cursor.isSymbol('/') || cursor.isSymbol('%')) {
    const { text } = cursor.take();
    const right = parseUnary(cursor);
    left = call(text, [left, right], cover(left.span, right.span));
  }
  return left;
}

function parseUnary(cursor: Cursor): Expression {
  if (!cursor.isSymbol('-')) return parsePostfix(cursor);
  const start = cursor.take();
  const isNumber = cursor.peek().kind === 'number';
  const operand = parsePostfix(cursor);
  const span = cover(start, operand.span);
  if (isNumber && operand.kind === 'literal' && typeof operand.value === 'number') {
    return numberLiteral(-operand.value, operand.literalType === 'integer', span);
  }
  return call('negate', [operand], span);
}
