/** Conditions on events: a filter, what is counted or summed over it, and how that compares. */
import type { Expression, ItemCall, Let } from '#shared/pql/ast.ts';
import {
  AGGREGATES,
  type Aggregate,
  type Comparison,
  type EventRow,
  type Fold,
  type Group,
  type Node,
  type Path,
  type Pattern,
  type When,
} from './model.ts';
import { readField, readRange, readWhen, scalarsOf } from './read-attribute.ts';
import type { Reader, Tokens } from './source.ts';

type Parts = Pick<EventRow, 'did' | 'fold'> & Pattern;

const AT_LEAST_ONE: Fold = { kind: 'count', op: '>=', count: 1 };

export function readEvent(expression: Expression, reader: Reader): EventRow | undefined {
  const parts = readParts(expression, reader);
  return parts && { kind: 'event', id: reader.newId(), ...parts };
}

function readParts(expression: Expression, reader: Reader): Parts | undefined {
  const did = (pattern: Pattern | undefined, fold: Fold): Parts | undefined =>
    pattern && { ...pattern, did: true, fold };
  if (expression.kind === 'itemCall' && (expression.fn === 'exists' || expression.fn === 'filter')) {
    return did(readEvents(expression, reader), AT_LEAST_ONE);
  }
  if (expression.kind === 'name') return did(readEvents(expression, reader), AT_LEAST_ONE);
  if (expression.kind === 'let') return readBetween(expression, reader);
  if (expression.kind === 'occurs') {
    const extreme = readExtreme(expression.operand);
    const when = readWhen(expression, 'profile');
    return extreme && when && did(readEvents(extreme.events, reader), { kind: extreme.kind, when });
  }
  if (expression.kind !== 'call' || expression.args.length !== 2) return undefined;
  const [left, right] = expression.args as [Expression, Expression];
  if (right.kind !== 'literal' || typeof right.value !== 'number') return undefined;
  return readComparison(left, expression.fn as Comparison, right.value, reader);
}

function readComparison(left: Expression, op: Comparison, value: number, reader: Reader): Parts | undefined {
  if (left.kind === 'call' && left.fn === 'count' && left.args.length === 1) {
    const counted = countOf(op, value);
    const pattern = counted && readEvents(left.args[0] as Expression, reader);
    return counted && pattern && { ...pattern, ...counted };
  }
  if (left.kind !== 'itemCall' || !(AGGREGATES as readonly string[]).includes(left.fn)) return undefined;
  if (!['=', '!=', '<', '<=', '>', '>='].includes(op) || left.body === undefined) return undefined;
  const field = readField(left.body, 'event');
  const pattern = field?.of === 'item' ? readEvents(left.list, reader) : undefined;
  return (
    field && pattern && { ...pattern, did: true, fold: { kind: left.fn as Aggregate, field: field.path, op, value } }
  );
}

/** In whole numbers: more than two is at least three. What can't be (fewer than none) or isn't whole stays code. */
function countOf(op: Comparison, value: number): Pick<Parts, 'did' | 'fold'> | undefined {
  if (!Number.isInteger(value) || value < 0) return undefined;
  const fold = (kind: '>=' | '<=' | '=', count: number): Fold => ({ kind: 'count', op: kind, count });
  switch (op) {
    case '>=':
      return { did: true, fold: fold('>=', value) };
    case '>':
      return { did: true, fold: fold('>=', value + 1) };
    case '=':
      return value === 0 ? { did: false, fold: AT_LEAST_ONE } : { did: true, fold: fold('=', value) };
    case '<=':
      return value === 0 ? { did: false, fold: AT_LEAST_ONE } : { did: true, fold: fold('<=', value) };
    case '<':
      if (value === 0) return undefined;
      return value === 1 ? { did: false, fold: AT_LEAST_ONE } : { did: true, fold: fold('<=', value - 1) };
    default:
      return undefined;
  }
}

/** `let n = ….count() in n >= a and n <= b`. */
function readBetween({ binding, value, body }: Let, reader: Reader): Parts | undefined {
  if (value.kind !== 'call' || value.fn !== 'count' || body.kind !== 'call' || body.fn !== 'and') return undefined;
  const bound = (part: Expression | undefined, fn: string) => {
    if (part?.kind !== 'call' || part.fn !== fn) return undefined;
    const [name, limit] = part.args;
    const isBound = name?.kind === 'name' && name.name === binding.name && limit?.kind === 'literal';
    return isBound && typeof limit.value === 'number' && Number.isInteger(limit.value) ? limit.value : undefined;
  };
  const [from, to] = [bound(body.args[0], '>='), bound(body.args[1], '<=')];
  if (from === undefined || to === undefined || body.args.length !== 2 || value.args.length !== 1) return undefined;
  const pattern = readEvents(value.args[0] as Expression, reader);
  return pattern && { ...pattern, did: true, fold: { kind: 'between', from, to } };
}

/** `….timestamp.max()` and `….max(timestamp)`: when it happened last. */
function readExtreme(node: Expression): { readonly kind: 'first' | 'last'; readonly events: Expression } | undefined {
  if (node.kind !== 'itemCall' || (node.fn !== 'min' && node.fn !== 'max')) return undefined;
  const kind = node.fn === 'min' ? 'first' : 'last';
  if (node.body === undefined) {
    return node.list.kind === 'field' && node.list.name === 'timestamp'
      ? { kind, events: node.list.object }
      : undefined;
  }
  return isNamed(node.body, 'timestamp') ? { kind, events: node.list } : undefined;
}

const isNamed = (node: Expression, name: string): boolean => node.kind === 'name' && node.name === name;

/** `xEvent`, however often it is filtered. */
function readEvents(node: Expression, reader: Reader): Pattern | undefined {
  const conditions: (readonly [Expression, Tokens])[] = [];
  let list = node;
  while (list.kind === 'itemCall' && (list.fn === 'filter' || list.fn === 'exists')) {
    const { body } = list as ItemCall;
    if (body === undefined || body.kind === 'lambda' || (list !== node && list.fn === 'exists')) return undefined;
    const tokens = reader.source.insideAround(body.span);
    if (tokens === undefined) return undefined;
    conditions.unshift([body, tokens]);
    list = list.list;
  }
  return isNamed(list, 'xEvent') ? readPattern(conditions, reader) : undefined;
}

/** Type and time, the first of each, wherever they stand; all else filters. */
export function readPattern(conditions: readonly (readonly [Expression, Tokens])[], reader: Reader): Pattern {
  let types: readonly string[] | undefined;
  let when: When | undefined;
  const filters: Node[] = [];
  for (const [condition, tokens] of conditions.flatMap((each) => conjunctsOf(each, reader))) {
    const named = types === undefined ? typesOf(condition) : undefined;
    const timed = named === undefined && when === undefined ? timeOf(condition) : undefined;
    if (named !== undefined) types = named;
    else if (timed !== undefined) when = timed;
    else filters.push(reader.read(condition, tokens, 'event'));
  }
  const where = whereOf(filters, reader);
  return { types: types ?? [], ...(when === undefined ? {} : { when }), ...(where === undefined ? {} : { where }) };
}

function whereOf(filters: readonly Node[], reader: Reader): Group | undefined {
  const [only] = filters;
  if (only === undefined) return undefined;
  if (filters.length === 1 && only.kind === 'group') return only;
  return { kind: 'group', id: reader.newId(), mode: 'all', children: filters };
}

function conjunctsOf(
  [condition, tokens]: readonly [Expression, Tokens],
  reader: Reader,
): (readonly [Expression, Tokens])[] {
  if (condition.kind !== 'call' || condition.fn !== 'and' || readRange(condition, 'event') !== undefined) {
    return [[condition, tokens]];
  }
  const operands = reader.source.operands(reader.source.unwrapped(tokens), condition.args, 'and');
  if (operands === undefined) return [[condition, tokens]];
  return condition.args.map((argument, index) => [argument, operands[index] as Tokens] as const);
}

function typesOf(condition: Expression): readonly string[] | undefined {
  if (condition.kind !== 'call') return undefined;
  const [field, argument] = condition.args;
  if (field === undefined || argument === undefined || !isNamed(field, 'eventType')) return undefined;
  if (condition.fn === '=' && argument.kind === 'literal' && typeof argument.value === 'string')
    return [argument.value];
  if (condition.fn !== 'in' || argument.kind !== 'list') return undefined;
  const values = scalarsOf(argument.items);
  return values?.length && values.every((value): value is string => typeof value === 'string') ? values : undefined;
}

const TIMESTAMP: Path = ['timestamp'];

function timeOf(condition: Expression): When | undefined {
  if (condition.kind === 'occurs') {
    return isNamed(condition.operand, 'timestamp') ? readWhen(condition, 'event') : undefined;
  }
  const range = condition.kind === 'call' ? readRange(condition, 'event') : undefined;
  return range?.of === 'item' && range.path.join() === TIMESTAMP.join() ? range.test.when : undefined;
}
