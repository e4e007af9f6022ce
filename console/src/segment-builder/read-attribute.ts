/** Conditions on one field: which of them the canvas draws, and as what. */
import type { Call, Expression, Occurs } from '#shared/pql/ast.ts';
import {
  type Attribute,
  type Comparison,
  type Moment,
  type Operand,
  type Path,
  type PlainWhen,
  type Scalar,
  type Scope,
  type Span,
  TEXT_TESTS,
  type Test,
  type TextTest,
  type When,
} from './model.ts';

type Field = Pick<Attribute, 'path' | 'of'>;

export function readAttribute(
  expression: Expression,
  scope: Scope,
): Pick<Attribute, 'path' | 'of' | 'test'> | undefined {
  if (expression.kind === 'occurs') {
    const field = readField(expression.operand, scope);
    const when = readWhen(expression, scope);
    return field && when && { ...field, test: { op: 'occurs', when } };
  }
  if (expression.kind === 'call') return readCall(expression, scope);
  const field = readField(expression, scope);
  return field && { ...field, test: { op: 'holds' } };
}

function readCall(call: Call, scope: Scope): Pick<Attribute, 'path' | 'of' | 'test'> | undefined {
  const range = readRange(call, scope);
  if (range !== undefined) return range;
  const [first, ...rest] = call.args;
  const field = first && readField(first, scope);
  const test = field && readTest(call, rest, scope);
  return field && test && { ...field, test };
}

const COMPARISONS: ReadonlySet<string> = new Set<Comparison>(['=', '!=', '<', '<=', '>', '>=']);
const TEXTS: ReadonlySet<string> = new Set(TEXT_TESTS);

function readTest({ fn }: Call, args: readonly Expression[], scope: Scope): Test | undefined {
  const [argument] = args;
  if (fn === 'isNotNull' && args.length === 0) return { op: 'exists' };
  if (fn === 'isNull' && args.length === 0) return { op: 'missing' };
  if (argument === undefined) return undefined;
  if (COMPARISONS.has(fn) && args.length === 1) {
    const operand = readOperand(argument, scope);
    return operand && { op: fn as Comparison, operand };
  }
  if (fn === 'in' || fn === 'notIn') {
    const values = args.length === 1 && argument.kind === 'list' ? scalarsOf(argument.items) : undefined;
    return values && values.length > 0 ? { op: fn, values } : undefined;
  }
  return TEXTS.has(fn) ? readText(fn as TextTest, args) : undefined;
}

function readText(op: TextTest, [argument, flag, ...more]: readonly Expression[]): Test | undefined {
  if (argument?.kind !== 'literal' || typeof argument.value !== 'string' || more.length > 0) return undefined;
  if (flag === undefined) return { op, value: argument.value };
  if (flag.kind !== 'literal' || typeof flag.value !== 'boolean') return undefined;
  return { op, value: argument.value, ...(flag.value ? {} : { ignoreCase: true }) };
}

export function scalarsOf(items: readonly Expression[]): readonly Scalar[] | undefined {
  const values = items.map((item) => (item.kind === 'literal' ? item.value : null));
  return values.every((value): value is Scalar => value !== null) ? values : undefined;
}

function readOperand(expression: Expression, scope: Scope): Operand | undefined {
  if (expression.kind === 'literal') {
    return expression.value === null ? undefined : { kind: 'value', value: expression.value };
  }
  const field = readField(expression, scope);
  return field && { kind: 'path', ...field };
}

/** A path of plain names. `xEvent` and the chosen names of variables never come here: they stand in code rows. */
export function readField(expression: Expression, scope: Scope): Field | undefined {
  const names: string[] = [];
  let node = expression;
  while (node.kind === 'field') {
    names.unshift(node.name);
    node = node.object;
  }
  if (node.kind === 'name') return node.name === 'xEvent' ? undefined : { path: [node.name, ...names], of: 'item' };
  if (names.length === 0) return undefined;
  const isPerson =
    (node.kind === 'climb' && node.levels === 1 && scope === 'event') ||
    (node.kind === 'parameter' && node.position === 1 && names[0] !== 'xEvent');
  return isPerson ? { path: names, of: scope === 'event' ? 'person' : 'item' } : undefined;
}

export const samePath = (left: Path, right: Path): boolean => left.join('\n') === right.join('\n');

export function readWhen({ when }: Occurs, scope: Scope): PlainWhen | undefined {
  switch (when.form) {
    case 'distance': {
      const moment = readMoment(when.reference, scope);
      const { operator: op, count, unit, direction } = when;
      return moment && { form: 'distance', op, count, unit, direction, moment };
    }
    case 'direction': {
      const moment = readMoment(when.reference, scope);
      return moment && { form: 'direction', direction: when.direction, moment };
    }
    case 'on': {
      const moment = readMoment(when.reference, scope);
      return moment && { form: 'on', moment };
    }
    case 'between': {
      const [from, to] = [readMoment(when.from, scope), readMoment(when.to, scope)];
      return from && to && { form: 'between', from, to };
    }
  }
}

function readMoment(expression: Expression, scope: Scope): Moment | undefined {
  switch (expression.kind) {
    case 'now':
      return { kind: 'now' };
    case 'period':
      return { kind: 'period', which: expression.which, unit: expression.unit };
    case 'literal':
      return typeof expression.value === 'string' ? { kind: 'instant', text: expression.value } : undefined;
    case 'call': {
      const numbers = expression.fn === 'date' ? scalarsOf(expression.args) : undefined;
      if (numbers?.length !== 3 || !numbers.every((number) => typeof number === 'number')) return undefined;
      const [year, month, day] = numbers as [number, number, number];
      return { kind: 'day', year, month, day };
    }
    default: {
      const field = readField(expression, scope);
      return field && { kind: 'path', ...field };
    }
  }
}

/** `t occurs >= n before now and t occurs <= m before now`: one rolling range. */
export function readRange(call: Call, scope: Scope) {
  if (call.fn !== 'and' || call.args.length !== 2) return undefined;
  const [near, far] = call.args.map((part) => beforeNow(part, scope));
  if (near?.op !== '>=' || far?.op !== '<=' || near.of !== far.of || !samePath(near.path, far.path)) return undefined;
  const when: When = { form: 'range', near: near.span, far: far.span };
  return { path: near.path, of: near.of, test: { op: 'occurs', when } } as const;
}

function beforeNow(expression: Expression, scope: Scope): (Field & { op: Comparison; span: Span }) | undefined {
  if (expression.kind !== 'occurs') return undefined;
  const field = readField(expression.operand, scope);
  const when = readWhen(expression, scope);
  if (when?.form !== 'distance' || when.moment.kind !== 'now' || when.direction !== 'before') return undefined;
  return field && { ...field, op: when.op, span: { count: when.count, unit: when.unit } };
}
