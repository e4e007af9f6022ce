/** Primaries, and what may follow them: `.name`, `.method(…)` and `[filter]`. */
import type { Binding, Expression } from '../ast.ts';
import type { Token } from '../lexer.ts';
import { LIST_SIZE_MAX } from '../limits.ts';
import { ANY, TIMESTAMP } from '../types.ts';
import { parseChain } from './chain.ts';
import type { Cursor } from './cursor.ts';
import { parseQueryForm, startsQueryForm } from './declarations.ts';
import { booleanLiteral, call, cover, nullLiteral, numberLiteral, stringLiteral } from './nodes.ts';
import { RESERVED } from './words.ts';

export function parsePostfix(cursor: Cursor): Expression {
  let expression = cursor.nested(() => parsePrimary(cursor));
  for (;;) {
    if (cursor.peek().kind === 'number' && cursor.peek().text.startsWith('.')) throw cursor.unexpected('a name');
    if (cursor.takeSymbol('.')) expression = parseMember(cursor, expression);
    else if (cursor.isSymbol('[')) expression = parseFilter(cursor, expression);
    else return expression;
  }
}

function parseMember(cursor: Cursor, object: Expression): Expression {
  const name = cursor.expectName('a name');
  if (!cursor.isSymbol('(')) return field(object, name);
  const args = parseArguments(cursor);
  return call(name.text, [object, ...args], cover(object.span, cursor.last()));
}

const field = (object: Expression, name: Token): Expression => ({
  kind: 'field',
  object,
  name: name.text,
  span: cover(object.span, name),
  type: ANY,
});

function parseFilter(cursor: Cursor, list: Expression): Expression {
  cursor.expectSymbol('[');
  const body = cursor.bracketed(() => cursor.grammar.expression(cursor));
  const close = cursor.expectSymbol(']');
  return { kind: 'itemCall', fn: 'filter', list, body, args: [], span: cover(list.span, close), type: ANY };
}

function parseArguments(cursor: Cursor): Expression[] {
  cursor.expectSymbol('(');
  return parseItems(cursor, ')', () => cursor.grammar.expression(cursor));
}

/** Comma-separated items up to the closing bracket, which is taken. */
function parseItems<Item>(cursor: Cursor, close: string, item: () => Item): Item[] {
  const items: Item[] = [];
  if (cursor.takeSymbol(close)) return items;
  cursor.bracketed(() => {
    do {
      if (items.length === LIST_SIZE_MAX) {
        throw cursor.failure('PQL2104', cursor.peek(), `at most ${LIST_SIZE_MAX} items (LIST_SIZE_MAX)`);
      }
      items.push(item());
    } while (cursor.takeSymbol(','));
  });
  if (!cursor.isSymbol(close)) throw cursor.unexpected(`"," or "${close}"`);
  cursor.take();
  return items;
}

const SYMBOLS: ReadonlyMap<string, (cursor: Cursor) => Expression> = new Map([
  ['(', parseParentheses],
  ['[', parseList],
  ['{', parseObject],
  ['^', parseClimb],
  ['$', parseParameter],
]);

function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.peek();
  switch (token.kind) {
    case 'string':
      return stringLiteral(cursor.take().text, token);
    case 'number':
      return numberLiteral(Number(cursor.take().text), /^\d+$/.test(token.text), token);
    case 'quoted':
      return parseNamed(cursor);
    case 'word':
      return parseWord(cursor, token);
    default: {
      const parse = SYMBOLS.get(token.text);
      if (token.kind !== 'symbol' || parse === undefined) throw cursor.unexpected('a value');
      return parse(cursor);
    }
  }
}

const CONSTANTS: ReadonlyMap<string, (token: Token) => Expression> = new Map<string, (token: Token) => Expression>([
  ['true', (token) => booleanLiteral(true, token)],
  ['false', (token) => booleanLiteral(false, token)],
  ['null', nullLiteral],
  ['this', (span) => ({ kind: 'this', span, type: ANY })],
  ['now', (span) => ({ kind: 'now', span, type: TIMESTAMP })],
]);

function parseWord(cursor: Cursor, token: Token): Expression {
  if (startsQueryForm(cursor)) {
    cursor.report('PQL2002', token, `"${token.text}" needs parentheses under an operator`);
    return parseQueryForm(cursor);
  }
  const constant = CONSTANTS.get(token.key);
  if (constant !== undefined && !cursor.isSymbol('=>', 1)) return constant(cursor.take());
  if (RESERVED.has(token.key)) {
    const hint = `a field of that name is written \`${token.text}\``;
    throw cursor.failure('PQL2001', token, `expected a value, but this is "${token.text}"`, hint);
  }
  if (token.key === 'chain' && cursor.isSymbol('(', 1)) return parseChain(cursor);
  return parseNamed(cursor);
}

function parseNamed(cursor: Cursor): Expression {
  if (cursor.isSymbol('=>', 1)) return parseLambda(cursor, () => [cursor.expectName('a parameter')]);
  const token = cursor.take();
  if (token.kind === 'word' && cursor.isSymbol('(')) {
    const args = parseArguments(cursor);
    return call(token.text, args, cover(token, cursor.last()));
  }
  return { kind: 'name', name: token.text, span: token, type: ANY };
}

function parseParentheses(cursor: Cursor): Expression {
  if (startsLambda(cursor)) return parseLambda(cursor, takeParameters);
  cursor.expectSymbol('(');
  const inner = cursor.bracketed(() => cursor.grammar.expression(cursor));
  cursor.expectSymbol(')');
  return inner;
}

/** `(a, b) =>`: decided by the arrow, since `(a)` alone is an expression in parentheses. */
function startsLambda(cursor: Cursor): boolean {
  let ahead = 1;
  if (!cursor.isName(ahead)) return false;
  for (ahead += 1; cursor.isSymbol(',', ahead) && cursor.isName(ahead + 1); ) ahead += 2;
  return cursor.isSymbol(')', ahead) && cursor.isSymbol('=>', ahead + 1);
}

function takeParameters(cursor: Cursor): Token[] {
  cursor.expectSymbol('(');
  return parseItems(cursor, ')', () => cursor.expectName('a parameter'));
}

function parseLambda(cursor: Cursor, parameters: (cursor: Cursor) => Token[]): Expression {
  const start = cursor.peek();
  const params: Binding[] = parameters(cursor).map((token) => ({ name: token.text, slot: -1, span: token }));
  cursor.expectSymbol('=>');
  const body = cursor.grammar.expression(cursor);
  return { kind: 'lambda', params, body, span: cover(start, body.span), type: ANY };
}

function parseList(cursor: Cursor): Expression {
  const start = cursor.expectSymbol('[');
  const items = parseItems(cursor, ']', () => cursor.grammar.expression(cursor));
  return { kind: 'list', items, span: cover(start, cursor.last()), type: ANY };
}

function parseObject(cursor: Cursor): Expression {
  const start = cursor.expectSymbol('{');
  const entries = parseItems(cursor, '}', () => {
    if (!cursor.isName() && cursor.peek().kind !== 'string') throw cursor.unexpected('a key');
    const key = cursor.take().text;
    cursor.expectSymbol(':');
    return { key, value: cursor.grammar.expression(cursor) };
  });
  return { kind: 'object', entries, span: cover(start, cursor.last()), type: ANY };
}

function parseClimb(cursor: Cursor): Expression {
  const start = cursor.peek();
  let levels = 0;
  while (cursor.takeSymbol('^')) levels += 1;
  const climb: Expression = { kind: 'climb', levels, span: cover(start, cursor.last()), type: ANY };
  if (cursor.takeSymbol('.')) return parseMember(cursor, climb);
  if (cursor.isWord('this')) return { ...climb, span: cover(start, cursor.take()) };
  return field(climb, cursor.expectName('a path'));
}

function parseParameter(cursor: Cursor): Expression {
  const start = cursor.expectSymbol('$');
  const token = cursor.peek();
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw cursor.unexpected("a parameter's number");
  cursor.take();
  return { kind: 'parameter', position: Number(token.text), span: cover(start, token), type: ANY };
}
