/** `chain(events, time, [A: WHAT(…) WHERE(…) WHEN(…) COUNT(…), …])`. */
import type { Expression, Step, StepCount, When } from '../ast.ts';
import type { Token } from '../lexer.ts';
import { CHAIN_STEPS_MAX } from '../limits.ts';
import { ANY } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { AT_LEAST_ONE, cover, NONE, stepCount } from './nodes.ts';
import { parseCountNumber, parseWhen } from './when.ts';
import { COMPARISONS } from './words.ts';

export function parseChain(cursor: Cursor): Expression {
  const start = cursor.take();
  cursor.expectSymbol('(');
  return cursor.bracketed(() => {
    const source = cursor.grammar.expression(cursor);
    cursor.expectSymbol(',');
    const time = cursor.grammar.postfix(cursor);
    cursor.expectSymbol(',');
    cursor.expectSymbol('[');
    const steps = parseSteps(cursor);
    cursor.expectSymbol(']');
    const span = cover(start, cursor.expectSymbol(')'));
    return { kind: 'chain', source, time, steps, span, type: ANY };
  });
}

function parseSteps(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  do {
    if (steps.length === CHAIN_STEPS_MAX) {
      throw cursor.failure('PQL2105', cursor.peek(), `at most ${CHAIN_STEPS_MAX} steps (CHAIN_STEPS_MAX)`);
    }
    steps.push(parseStep(cursor));
  } while (cursor.takeSymbol(','));
  return steps;
}

interface Clauses {
  readonly where: Expression[];
  readonly when: When[];
  count: StepCount | undefined;
}

function parseStep(cursor: Cursor): Step {
  const label = cursor.expectName("a step's label");
  cursor.expectSymbol(':');
  const isAbsent = cursor.takeWord('not') || cursor.takeSymbol('!');
  cursor.expectWord('what');
  const what = parseBracketed(cursor, cursor.grammar.expression);
  const clauses: Clauses = { where: [], when: [], count: isAbsent ? NONE : undefined };
  while (parseClause(cursor, clauses, isAbsent));
  const count = clauses.count ?? AT_LEAST_ONE;
  return { name: label.text, slot: -1, span: label, what, where: clauses.where, when: clauses.when, count };
}

function parseBracketed<Result>(cursor: Cursor, part: (cursor: Cursor) => Result): Result {
  cursor.expectSymbol('(');
  const result = part(cursor);
  cursor.expectSymbol(')');
  return result;
}

function parseClause(cursor: Cursor, clauses: Clauses, isAbsent: boolean): boolean {
  const token = cursor.peek();
  if (cursor.takeWord('where')) clauses.where.push(parseBracketed(cursor, cursor.grammar.expression));
  else if (cursor.takeWord('when')) clauses.when.push(...parseBracketed(cursor, parseWhens));
  else if (cursor.takeWord('count')) setCount(cursor, token, clauses, isAbsent);
  else return false;
  return true;
}

function setCount(cursor: Cursor, token: Token, clauses: Clauses, isAbsent: boolean): void {
  const count = parseBracketed(cursor, parseCount);
  if (clauses.count !== undefined) {
    const why = isAbsent ? '"not WHAT" is already COUNT(= 0)' : 'this step has a COUNT already';
    cursor.report('PQL2005', token, `no COUNT here: ${why}`);
  }
  clauses.count ??= count;
}

function parseWhens(cursor: Cursor): When[] {
  const whens = [parseWhen(cursor)];
  while (cursor.takeWord('and')) whens.push(parseWhen(cursor));
  return whens;
}

function parseCount(cursor: Cursor): StepCount {
  const operator = cursor.peek().kind === 'symbol' ? COMPARISONS.get(cursor.peek().text) : undefined;
  if (operator !== undefined) {
    cursor.take();
    return stepCount(operator, parseCountNumber(cursor));
  }
  const min = parseCountNumber(cursor);
  if (!cursor.takeWord('to')) return stepCount('>=', min);
  return { min, max: parseCountNumber(cursor), positive: false };
}
