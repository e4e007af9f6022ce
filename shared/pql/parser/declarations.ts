/** The forms that bind variables: `let`, `select`, quantifiers and folds. */
import type { Declaration, Expression } from '../ast.ts';
import { DECLARATIONS_MAX } from '../limits.ts';
import { ANY } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { cover } from './nodes.ts';
import { FOLDS, QUANTIFIERS } from './words.ts';

export function startsQueryForm(cursor: Cursor): boolean {
  const { kind, key } = cursor.peek();
  if (kind !== 'word') return false;
  if (key === 'let' || key === 'select') return true;
  if (QUANTIFIERS.has(key)) return cursor.startsDeclaration(1);
  return FOLDS.has(key) && cursor.startsOperand(1) && (cursor.startsDeclaration(1) || findsOver(cursor));
}

export function parseQueryForm(cursor: Cursor): Expression {
  const { key } = cursor.peek();
  return cursor.nested(() => {
    if (key === 'let') return parseLet(cursor);
    if (key === 'select') return parseSelect(cursor);
    return QUANTIFIERS.has(key) ? parseQuantifier(cursor) : parseFold(cursor);
  });
}

/** `count` and its like are names too: what tells the fold is an `over` further on at the same depth. */
function findsOver(cursor: Cursor): boolean {
  let open = 0;
  for (let ahead = 1; cursor.peek(ahead).kind !== 'end'; ahead += 1) {
    const { kind, key } = cursor.peek(ahead);
    if (kind === 'symbol' && '([{'.includes(key)) open += 1;
    if (kind === 'symbol' && ')]}'.includes(key)) open -= 1;
    if (open < 0 || (open === 0 && (key === ',' || (cursor.isBinding && key === 'in')))) return false;
    if (open === 0 && kind === 'word' && key === 'over' && !cursor.isSymbol('.', ahead - 1)) return true;
  }
  return false;
}

function parseLet(cursor: Cursor): Expression {
  const start = cursor.expectWord('let');
  const name = cursor.expectName('a variable');
  cursor.expectSymbol('=');
  const { isBinding } = cursor;
  cursor.isBinding = true;
  const value = cursor.grammar.expression(cursor);
  cursor.isBinding = isBinding;
  cursor.expectWord('in');
  const body = cursor.grammar.expression(cursor);
  const binding = { name: name.text, slot: -1, span: name };
  return { kind: 'let', binding, value, body, span: cover(start, body.span), type: ANY };
}

function parseSelect(cursor: Cursor): Expression {
  const start = cursor.expectWord('select');
  const declarations = parseDeclarations(cursor, false);
  return { kind: 'select', declarations, span: cover(start, cursor.last()), type: ANY };
}

function parseQuantifier(cursor: Cursor): Expression {
  const start = cursor.take();
  const fn = QUANTIFIERS.get(start.key) ?? 'exists';
  const declarations = parseDeclarations(cursor, true);
  return { kind: 'quantifier', fn, declarations, span: cover(start, cursor.last()), type: ANY };
}

function parseFold(cursor: Cursor): Expression {
  const start = cursor.take();
  const fn = FOLDS.get(start.key) ?? 'count';
  const body = cursor.startsDeclaration() ? undefined : cursor.grammar.expression(cursor);
  if (body !== undefined) cursor.expectWord('over');
  const declarations = parseDeclarations(cursor, false);
  return { kind: 'fold', fn, body, declarations, span: cover(start, cursor.last()), type: ANY };
}

/** A comma goes on with declarations only before `id from`: elsewhere it belongs to what is around. */
function parseDeclarations(cursor: Cursor, takesColon: boolean): Declaration[] {
  const declarations = [parseDeclaration(cursor, takesColon)];
  while (cursor.isSymbol(',') && cursor.startsDeclaration(1)) {
    if (declarations.length === DECLARATIONS_MAX) {
      const message = `at most ${DECLARATIONS_MAX} declarations (DECLARATIONS_MAX)`;
      throw cursor.failure('PQL2105', cursor.peek(1), message);
    }
    cursor.take();
    declarations.push(parseDeclaration(cursor, takesColon));
  }
  return declarations;
}

function parseDeclaration(cursor: Cursor, takesColon: boolean): Declaration {
  const name = cursor.expectName('a variable');
  cursor.expectWord('from');
  const source = cursor.grammar.expression(cursor);
  const condition = parseCondition(cursor, takesColon);
  if (condition !== undefined && (cursor.isWord('where') || (takesColon && cursor.isSymbol(':')))) {
    const hint = 'restrict what is ranged over by a[…], and keep one condition';
    throw cursor.failure('PQL2006', cursor.peek(), 'a declaration has one condition', hint);
  }
  return { name: name.text, slot: -1, source, condition, span: name };
}

function parseCondition(cursor: Cursor, takesColon: boolean): Expression | undefined {
  if (cursor.takeWord('where') || (takesColon && cursor.takeSymbol(':'))) return cursor.grammar.expression(cursor);
  return undefined;
}
