/** Boolean operators, comparisons, and functions that compare their arguments. */
import type { Call, Comparison, Expression } from '../ast.ts';
import { VALUE_DEPTH_MAX } from '../limits.ts';
import type { Value } from '../value.ts';
import { type Code, type Compiler, constant, sealed, type Test, testOf, truth, variable } from './code.ts';
import { Adaptive, decide, distinct, holds, includes, type Operand } from './relation.ts';

export function compileLogic(compiler: Compiler, call: Call): Code | undefined {
  switch (call.fn) {
    case 'and':
    case 'or':
      return compileJunction(compiler, call);
    case 'not': {
      const operand = compiler.node(call.args[0] as Expression);
      const test = testOf(call.args[0] as Expression, operand);
      return sealed([operand], (frame) => !test(frame));
    }
    case 'if': {
      const [test, yes, no] = call.args.map((argument) => compiler.node(argument)) as [Code, Code, Code];
      if (test.isConstant) return truth(test.value) ? yes : no;
      return variable((frame) => (truth(test.run(frame)) ? yes.run(frame) : no.run(frame)));
    }
    case 'isNull':
    case 'isNotNull': {
      const operand = compiler.node(call.args[0] as Expression);
      const wanted = call.fn === 'isNull';
      return sealed([operand], (frame) => (operand.run(frame) === null) === wanted);
    }
    default:
      return undefined;
  }
}

/** What is already decided is left out; an operand that decides the whole leaves nothing to evaluate. */
function compileJunction(compiler: Compiler, { fn, args }: Call): Code {
  const decisive = fn === 'or';
  const open: Test[] = [];
  for (const argument of args) {
    const code = compiler.node(argument);
    if (!code.isConstant) open.push(testOf(argument, code));
    else if (truth(code.value) === decisive) return constant(decisive);
  }
  if (open.length === 0) return constant(!decisive);
  const [first, second] = open as [Test, Test];
  if (open.length === 1) return variable(first);
  if (open.length === 2) {
    return variable(decisive ? (frame) => first(frame) || second(frame) : (frame) => first(frame) && second(frame));
  }
  return variable((frame) => {
    for (const test of open) if (test(frame) === decisive) return decisive;
    return !decisive;
  });
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

type RunOperand = (frame: Parameters<Code['run']>[0]) => Operand;
interface OperandCode {
  readonly code: Code;
  readonly run: RunOperand;
}

/** A literal that adapts stays recognizable among the values, also inside a written list. */
function compileOperand(compiler: Compiler, node: Expression): OperandCode {
  const code = compiler.node(node);
  if (node.kind === 'literal' && node.adapts && node.value !== null) {
    const adaptive = new Adaptive(node.value);
    return { code, run: () => adaptive };
  }
  if (node.kind !== 'list' || !node.items.some((item) => item.kind === 'literal' && item.adapts)) {
    return { code, run: code.run };
  }
  const items = node.items.map((item) => compileOperand(compiler, item));
  if (items.every((item) => item.code.isConstant)) {
    const list = items.map(({ run }) => run(undefined as never)) as Value[];
    return { code, run: () => list };
  }
  return { code, run: (frame) => items.map(({ run }) => run(frame)) as Value[] };
}

export function compileComparing(compiler: Compiler, call: Call): Code | undefined {
  const [first, ...others] = call.args;
  if (first === undefined || others.length === 0) return undefined;
  const left = compileOperand(compiler, first);
  const right = others.map((argument) => compileOperand(compiler, argument));
  const parts = [left, ...right].map(({ code }) => code);
  if (COMPARISONS.has(call.fn)) return compileComparison(call, left, right[0] as OperandCode, parts);
  if (call.fn === 'equals' || call.fn === 'notEqualTo') return compileEquals(call, left, right, parts);
  return compileMembership(call, left, right[0] as OperandCode, parts);
}

/** A scalar literal on the right is nearly every condition: the common case needs no dispatch. */
function compileComparison(call: Call, left: OperandCode, right: OperandCode, parts: readonly Code[]): Code {
  const operator = call.fn as Comparison;
  const literal = right.code.value;
  const isScalar = typeof literal === 'string' || typeof literal === 'number';
  if (!right.code.isConstant || !isScalar) {
    return sealed(parts, (frame) => holds(operator, left.run(frame), right.run(frame)));
  }
  const operand = right.run(undefined as never);
  if (operator === '=' || operator === '!=') {
    const wanted = operator === '=';
    return sealed(parts, (frame) => {
      const value = left.run(frame);
      return typeof value === typeof literal ? (value === literal) === wanted : holds(operator, value, operand);
    });
  }
  if (typeof literal === 'string') return sealed(parts, (frame) => holds(operator, left.run(frame), operand));
  return sealed(parts, (frame) => {
    const value = left.run(frame);
    return typeof value === 'number' ? decide(operator, value - literal) : holds(operator, value, operand);
  });
}

function lowered(operand: Operand, depth = 0): Operand {
  if (operand instanceof Adaptive)
    return typeof operand.value === 'string' ? new Adaptive(operand.value.toLowerCase()) : operand;
  if (typeof operand === 'string') return operand.toLowerCase();
  if (!Array.isArray(operand)) return operand;
  return depth > VALUE_DEPTH_MAX ? null : (operand.map((item) => lowered(item, depth + 1)) as Value[]);
}

function compileEquals(call: Call, left: OperandCode, right: readonly OperandCode[], parts: readonly Code[]): Code {
  const operator: Comparison = call.fn === 'equals' ? '=' : '!=';
  const prepare = (operand: Operand) => (call.ignoreCase ? lowered(operand) : operand);
  return sealed(parts, (frame) => {
    const value = prepare(left.run(frame));
    const candidates = right.map(({ run }) => prepare(run(frame)));
    if (candidates.includes(null)) return false;
    return candidates.some((candidate) => holds(operator, value, candidate));
  });
}

type ListFunction = (left: readonly Value[], right: readonly Value[]) => Value;

const LIST_FUNCTIONS: ReadonlyMap<string, ListFunction> = new Map<string, ListFunction>([
  ['intersects', (left, right) => left.some((item) => includes(right, item))],
  ['subsetOf', (left, right) => left.every((item) => includes(right, item))],
  ['supersetOf', (left, right) => right.every((item) => includes(left, item))],
  ['intersection', intersection],
]);

function intersection(left: readonly Value[], right: readonly Value[]): Value {
  const common = distinct(left.filter((item) => includes(right, item)).map(plain));
  return common.length === 0 ? null : common;
}

const plain = (operand: Operand): Value => (operand instanceof Adaptive ? operand.value : operand);

function compileMembership(
  call: Call,
  left: OperandCode,
  right: OperandCode,
  parts: readonly Code[],
): Code | undefined {
  const lists = LIST_FUNCTIONS.get(call.fn);
  if (lists !== undefined) {
    const otherwise = call.fn === 'intersection' ? null : false;
    return sealed(parts, (frame) => {
      const [a, b] = [left.run(frame), right.run(frame)];
      return Array.isArray(a) && Array.isArray(b) ? lists(a, b) : otherwise;
    });
  }
  switch (call.fn) {
    case 'includes':
      return sealed(parts, (frame) => {
        const [list, item] = [left.run(frame), right.run(frame)];
        return Array.isArray(list) && item !== null && includes(list, item);
      });
    case 'in':
      return compileIn(left, right, parts);
    case 'notIn':
      return sealed(parts, (frame) => isIn(left.run(frame), right.run(frame), false));
    default:
      return undefined;
  }
}

const SMALL_LIST = 8;

/** A long list of strings, as pasted into a definition, is looked up rather than searched. */
function compileIn(left: OperandCode, right: OperandCode, parts: readonly Code[]): Code {
  const list = right.code.value;
  const isLong = right.code.isConstant && Array.isArray(list) && list.length > SMALL_LIST;
  if (!isLong || !list.every((item) => typeof item === 'string')) {
    return sealed(parts, (frame) => isIn(left.run(frame), right.run(frame), true));
  }
  const texts = new Set<Value>(list);
  return sealed(parts, (frame) => {
    const value = left.run(frame);
    return typeof value === 'string' ? texts.has(value) : isIn(value, right.run(frame), true);
  });
}

/** Of a list on the left, any element. */
function isIn(value: Operand, list: Operand, wanted: boolean): boolean {
  if (value === null || !Array.isArray(list)) return false;
  if (!Array.isArray(value)) return includes(list, value) === wanted;
  if (includes(list, value)) return wanted;
  return value.some((item) => item !== null && includes(list, item) === wanted);
}
