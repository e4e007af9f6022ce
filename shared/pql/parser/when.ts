/** What follows `occurs`, and stands in a chain step's WHEN. */
import type { Expression, When } from '../ast.ts';
import { COUNT_MAX } from '../limits.ts';
import { closest } from '../suggestion.ts';
import { INTERVAL } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { cover } from './nodes.ts';
import { COMPARISONS, DAYS, DIRECTIONS, UNITS, WHICH } from './words.ts';

export function parseWhen(cursor: Cursor): When {
  if (cursor.peek().kind === 'symbol' && COMPARISONS.has(cursor.peek().text)) return parseDistance(cursor);
  const { key } = cursor.peek();
  if (key === 'from' || startsReferenceAfterWord(cursor)) {
    const direction = DIRECTIONS.get(key);
    if (direction !== undefined) {
      cursor.take();
      return { form: 'direction', direction, reference: parseReference(cursor) };
    }
    if (cursor.takeWord('on')) return { form: 'on', reference: parseReference(cursor) };
    if (cursor.takeWord('between')) return parseBetween(cursor);
  }
  return { form: 'on', reference: parseReference(cursor) };
}

/** `before`, `on` and `between` are names too, unless a reference follows. */
function startsReferenceAfterWord(cursor: Cursor): boolean {
  if (cursor.peek().kind !== 'word') return false;
  return cursor.peek(1).kind !== 'end' && cursor.startsOperand(1) && !cursor.isSymbol('[', 1);
}

function parseBetween(cursor: Cursor): When {
  const from = parseReference(cursor);
  cursor.expectWord('and');
  return { form: 'between', from, to: parseReference(cursor) };
}

function parseDistance(cursor: Cursor): When {
  const operator = COMPARISONS.get(cursor.take().text) ?? '=';
  const count = parseCountNumber(cursor);
  const unit = cursor.expectName('a unit of time');
  const known = UNITS.get(unit.key);
  if (known === undefined) {
    const hint = closest(unit.key, UNITS.keys());
    throw cursor.failure('PQL2003', unit, `"${unit.text}" is no unit of time`, hint && `did you mean "${hint}"?`);
  }
  const direction = cursor.peek().kind === 'word' ? DIRECTIONS.get(cursor.peek().key) : undefined;
  if (direction === undefined) throw cursor.unexpected('"before", "after" or "from"');
  cursor.take();
  return { form: 'distance', operator, count, unit: known, direction, reference: parseReference(cursor) };
}

export function parseCountNumber(cursor: Cursor): number {
  const token = cursor.peek();
  if (token.kind !== 'number') throw cursor.unexpected('a whole number');
  if (!/^\d+$/.test(token.text)) {
    throw cursor.failure('PQL2004', token, `a whole number is needed, but this is ${token.text}`);
  }
  const count = Number(cursor.take().text);
  if (count > COUNT_MAX) throw cursor.failure('PQL2106', token, `at most ${COUNT_MAX} (COUNT_MAX)`);
  return count;
}

function parseReference(cursor: Cursor): Expression {
  const token = cursor.peek();
  const goesOn = cursor.isSymbol('.', 1) || cursor.isSymbol('(', 1) || cursor.isSymbol('[', 1);
  if (token.kind === 'word' && !goesOn) {
    const day = DAYS.get(token.key);
    if (day !== undefined) return { kind: 'period', which: day, unit: 'day', span: cursor.take(), type: INTERVAL };
    const which = WHICH.get(token.key);
    const unit = cursor.peek(1).kind === 'word' ? UNITS.get(cursor.peek(1).key) : undefined;
    if (which !== undefined && unit !== undefined) {
      cursor.take();
      return { kind: 'period', which, unit, span: cover(token, cursor.take()), type: INTERVAL };
    }
  }
  return cursor.grammar.sum(cursor);
}
