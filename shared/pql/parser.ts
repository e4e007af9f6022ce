/**
 * `pql/text` to the syntax tree. Owns the shape of an expression, not its names and types (checker).
 * Grammar: docs/pql.md. Bad input yields diagnostics; nothing throws.
 */
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Expression } from './ast.ts';
import { type Diagnostic, errorAt } from './diagnostic.ts';
import { lex } from './lexer.ts';
import { DIAGNOSTICS_MAX, SOURCE_LENGTH_MAX } from './limits.ts';
import { Cursor, type Grammar, SyntaxFailure } from './parser/cursor.ts';
import { parseQueryForm, startsQueryForm } from './parser/declarations.ts';
import { parseOr, parseSum } from './parser/operators.ts';
import { parsePostfix } from './parser/postfix.ts';
import { findTooDeep } from './tree.ts';

const GRAMMAR: Grammar = { expression: parseExpression, sum: parseSum, postfix: parsePostfix };

function parseExpression(cursor: Cursor): Expression {
  return startsQueryForm(cursor) ? parseQueryForm(cursor) : cursor.nested(() => parseOr(cursor));
}

export function parse(source: string): Result<Expression, readonly Diagnostic[]> {
  if (source.length > SOURCE_LENGTH_MAX) {
    const span = { start: SOURCE_LENGTH_MAX, end: source.length, line: 1, column: 1 };
    const message = `at most ${SOURCE_LENGTH_MAX} characters (SOURCE_LENGTH_MAX)`;
    return fail([errorAt(span, 'PQL2101', message)]);
  }
  const lexed = lex(source);
  const cursor = new Cursor(lexed.tokens, lexed.diagnostics, GRAMMAR);
  const expression = parseWhole(cursor);
  const limit = expression && cursor.diagnostics.length === 0 ? findTooDeep(expression) : undefined;
  if (limit !== undefined) return fail([limit]);
  if (expression !== undefined && cursor.diagnostics.length === 0) return ok(expression);
  return fail(inOrder(cursor.diagnostics));
}

/** Goes on behind what it can't place, so that a stray bracket does not hide the mistakes after it. */
function parseWhole(cursor: Cursor): Expression | undefined {
  try {
    const expression = parseExpression(cursor);
    while (cursor.peek().kind !== 'end' && cursor.diagnostics.length < DIAGNOSTICS_MAX) {
      cursor.diagnostics.push(cursor.unexpected('an operator or the end').diagnostic);
      cursor.take();
      if (!cursor.startsOperand()) continue;
      parseExpression(cursor);
    }
    return expression;
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
    if (!cursor.diagnostics.includes(failure.diagnostic)) cursor.diagnostics.push(failure.diagnostic);
    return undefined;
  }
}

/** The first mistake at a place is the one that matters. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = diagnostics.toSorted((left, right) => left.start - right.start);
  const distinct = sorted.filter(({ start }, index) => index === 0 || sorted[index - 1]?.start !== start);
  return distinct.slice(0, DIAGNOSTICS_MAX);
}
