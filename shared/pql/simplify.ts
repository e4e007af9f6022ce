/**
 * Equal conditions in different spellings come to one canonical tree, so that they share what is kept for them.
 * Each rule holds whatever the profile: null makes `not (a < b)` more than `a >= b`, so such a step is never taken.
 */
import type { Call, Checked, Comparison, Expression, When } from './ast.ts';
import { print } from './printer.ts';
import { rebuild } from './tree-rebuild.ts';
import { BOOLEAN } from './types.ts';

export function simplify(checked: Checked): Checked {
  return simplifyNode(rebuild(checked, simplify));
}

/** A node whose parts are simple already. */
function simplifyNode(node: Expression): Expression {
  if (node.kind === 'occurs') return { ...node, when: simplifyWhen(node.when) };
  if (node.kind === 'itemCall' && node.fn === 'exists') return simplifyExists(node);
  if (node.kind !== 'call') return node;
  switch (node.fn) {
    case 'and':
    case 'or':
      return simplifyJunction(node);
    case 'not':
      return simplifyNot(node);
    case 'notEqualTo':
      return node.ignoreCase ? node : simplifyComparison({ ...node, fn: '!=' });
    case 'equals':
      return simplifyEquals(node);
    case 'in':
      return simplifyIn(node);
    default:
      return MIRRORED.has(node.fn) ? simplifyComparison(node) : node;
  }
}

const MIRRORED: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', '='],
  ['!=', '!='],
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
]);

const SCALARS: ReadonlySet<string> = new Set(['boolean', 'integer', 'double', 'string', 'timestamp', 'interval']);

/** Known never to be a list: data may differ from its declaration, so only what is computed counts. */
const isScalar = (node: Expression): boolean =>
  node.kind === 'literal' ||
  ((node.kind === 'call' || node.kind === 'fold' || node.kind === 'itemCall' || node.kind === 'now') &&
    SCALARS.has(node.type.kind) &&
    !mayLift(node));

/** A function of one value gives a list when data holds a list where a value is declared. */
const mayLift = (node: Expression): boolean =>
  node.kind === 'call' &&
  ![
    'count',
    '+',
    '-',
    '*',
    '/',
    '%',
    'negate',
    'concat',
    'currentYear',
    'currentMonth',
    'currentDayOfMonth',
    'date',
  ].includes(node.fn);

/** A literal stands on the right. `5 = path` is no `path = 5` where the path may be a list. */
function simplifyComparison(node: Call): Expression {
  const [left, right] = node.args as [Expression, Expression];
  const mirrored = MIRRORED.get(node.fn);
  if (mirrored === undefined || !isScalar(left) || !isScalar(right)) return countAsExists(node);
  const isWrongWay =
    left.kind === 'literal' ? right.kind !== 'literal' : right.kind !== 'literal' && print(left) > print(right);
  return countAsExists(isWrongWay ? { ...node, fn: mirrored, args: [right, left] } : node);
}

/** "At least one" has one spelling: `count() > 0`, `!= 0` and `>= 1` become `>= 1`; "none" becomes `= 0`. */
function countAsExists(node: Call): Call {
  const [left, right] = node.args;
  if (left?.kind !== 'call' || left.fn !== 'count' || right?.kind !== 'literal' || right.adapts) return node;
  const test = `${node.fn} ${right.value}`;
  const literal = (value: number) => [left, { ...right, value, literalType: 'integer' } as const];
  if (test === '> 0' || test === '!= 0') return { ...node, fn: '>=', args: literal(1) };
  if (test === '< 1' || test === '<= 0') return { ...node, fn: '=', args: literal(0) };
  if (node.fn === '>' && Number.isInteger(right.value))
    return { ...node, fn: '>=', args: literal(Number(right.value) + 1) };
  return node.fn === '<' && Number.isInteger(right.value)
    ? { ...node, fn: '<=', args: literal(Number(right.value) - 1) }
    : node;
}

/** `a.exists(c)` is `a[c].count() >= 1`. */
function simplifyExists(node: Extract<Expression, { kind: 'itemCall' }>): Expression {
  const { list, body, span } = node;
  const filtered: Expression =
    body === undefined ? list : { kind: 'itemCall', fn: 'filter', list, body, args: [], span, type: list.type };
  const count: Expression = { kind: 'call', fn: 'count', args: [filtered], span, type: { kind: 'integer' } };
  const one: Expression = { kind: 'literal', value: 1, literalType: 'integer', span, type: { kind: 'integer' } };
  return { kind: 'call', fn: '>=', args: [count, one], span, type: BOOLEAN };
}

/** One alternative is an equation; several are membership. */
function simplifyEquals(node: Call): Expression {
  const [left, ...candidates] = node.args as [Expression, ...Expression[]];
  const areLiterals = candidates.every((candidate) => candidate.kind === 'literal' && candidate.value !== null);
  if (node.ignoreCase || !areLiterals) return node;
  if (candidates.length === 1) return simplifyComparison({ ...node, fn: '=' });
  const items = { kind: 'list', items: candidates, span: node.span, type: { kind: 'list', item: left.type } } as const;
  return simplifyIn({ ...node, fn: 'in', args: [left, items] });
}

/** The order of the list does not matter, nor does a repetition. */
function simplifyIn(node: Call): Expression {
  const [left, list] = node.args as [Expression, Expression];
  if (list.kind !== 'list' || !list.items.every((item) => item.kind === 'literal' && item.value !== null)) return node;
  const items = sortedOnce(list.items);
  const [only] = items;
  if (items.length === 1 && only) return simplifyComparison({ ...node, fn: '=', args: [left, only] });
  return { ...node, args: [left, { ...list, items }] };
}

function simplifyJunction(node: Call): Expression {
  const flat = node.args.flatMap((argument) =>
    argument.kind === 'call' && argument.fn === node.fn ? argument.args : [argument],
  );
  const decisive = node.fn === 'or';
  const isBoolean = (value: boolean) => (operand: Expression) => operand.kind === 'literal' && operand.value === value;
  const deciding = flat.find(isBoolean(decisive));
  if (deciding !== undefined) return deciding;
  const open = sortedOnce(flat.filter((operand) => !isBoolean(!decisive)(operand)));
  const [first] = open;
  if (first === undefined)
    return { kind: 'literal', value: !decisive, literalType: 'boolean', span: node.span, type: BOOLEAN };
  if (open.length > 1) return { ...node, args: open };
  return isTruth(first) ? first : { ...node, fn: 'not', args: [{ ...node, fn: 'not', args: [first] }] };
}

/** Evaluates to true or false and nothing else. */
const isTruth = (node: Expression): boolean =>
  (node.kind === 'call' &&
    node.type.kind === 'boolean' &&
    node.fn !== 'if' &&
    node.fn !== 'head' &&
    node.fn !== 'get') ||
  node.kind === 'occurs' ||
  node.kind === 'quantifier' ||
  node.kind === 'chain' ||
  (node.kind === 'literal' && typeof node.value === 'boolean') ||
  (node.kind === 'itemCall' && node.fn === 'forall');

function sortedOnce(nodes: readonly Expression[]): readonly Expression[] {
  const printed = new Map(nodes.map((node) => [print(node), node]));
  return [...printed].toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([, node]) => node);
}

/** `not not a` is `a` as a truth. Nothing is pushed into comparisons: null makes both a test and its twin false. */
function simplifyNot(node: Call): Expression {
  const [operand] = node.args;
  if (operand?.kind === 'literal' && typeof operand.value === 'boolean') return { ...operand, value: !operand.value };
  if (operand?.kind !== 'call') return node;
  if (operand.fn === 'isNull' || operand.fn === 'isNotNull') {
    return { ...operand, fn: operand.fn === 'isNull' ? 'isNotNull' : 'isNull' };
  }
  const [inner] = operand.args;
  if (operand.fn === 'not' && inner !== undefined) return isTruth(inner) ? inner : node;
  return negateCount(operand) ?? node;
}

/** A count is never null, so its comparisons do have complements. */
function negateCount(comparison: Call): Expression | undefined {
  const [left, right] = comparison.args;
  const complement = COMPLEMENTS.get(comparison.fn);
  const isCount =
    left?.kind === 'call' && left.fn === 'count' && right?.kind === 'literal' && typeof right.value === 'number';
  return isCount && complement !== undefined && !right.adapts
    ? countAsExists({ ...comparison, fn: complement })
    : undefined;
}

const COMPLEMENTS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', '!='],
  ['!=', '='],
  ['<', '>='],
  ['<=', '>'],
  ['>', '<='],
  ['>=', '<'],
]);

/** Fixed lengths in the largest unit that fits: 24 hours are 1 day, 7 days a week. */
function simplifyWhen(when: When): When {
  if (when.form !== 'distance') return when;
  const larger = LARGER.get(when.unit);
  if (larger === undefined || when.count === 0 || when.count % larger.of !== 0) return when;
  return simplifyWhen({ ...when, count: when.count / larger.of, unit: larger.unit });
}

const LARGER = new Map([
  ['millisecond', { of: 1_000, unit: 'second' }],
  ['second', { of: 60, unit: 'minute' }],
  ['minute', { of: 60, unit: 'hour' }],
  ['hour', { of: 24, unit: 'day' }],
  ['day', { of: 7, unit: 'week' }],
  ['month', { of: 12, unit: 'year' }],
] as const) as ReadonlyMap<
  string,
  { readonly of: number; readonly unit: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'year' }
>;
