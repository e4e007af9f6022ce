/**
 * Checked tree to closure. Compiled once per definition; the closure runs once per event, so whatever does not depend
 * on the profile is decided here. Owns what production computes; the oracle (interpreter.ts) says the same plainly.
 */
import { InvariantViolation } from '../kernel/invariant.ts';
import type { Call, Checked, Expression, Field, Occurs } from './ast.ts';
import { instantOf, readField, readInstants } from './compiler/access.ts';
import { compileArithmetic, compilePlace } from './compiler/arithmetic.ts';
import { compileChain } from './compiler/chain.ts';
import {
  type Code,
  type Compiler,
  constant,
  type Frame,
  NO_FRAME,
  sealed,
  testOf,
  truth,
  variable,
} from './compiler/code.ts';
import { compileCollection, compileItemCall } from './compiler/items.ts';
import { compileComparing, compileLogic } from './compiler/logic.ts';
import { compileText } from './compiler/text.ts';
import { compileFold, compileQuantifier, compileSelect } from './compiler/tuples.ts';
import { compileWindow, isWithin } from './compiler/window.ts';

import { unitAround } from './time/calendar.ts';
import { UTC, type Zone, zoneOf } from './time/zone.ts';
import { childrenOf } from './tree.ts';
import type { EvaluationInput, Value } from './value.ts';

export interface CompileOptions {
  /** A segment's answer is coerced to a Boolean. */
  readonly mode: 'segment' | 'value';
  readonly timeZone?: string | undefined;
}

export type Evaluate = (input: EvaluationInput) => Value;

export function compile(checked: Checked, { mode, timeZone }: CompileOptions): Evaluate {
  const compiler = compilerOf(zoneOf(timeZone) ?? UTC);
  const { run } = compiler.node(checked);
  const frame = isPlain(checked) ? plainFrameOf : frameOf;
  if (mode === 'segment') return (input) => truth(run(frame(input)));
  return (input) => run(frame(input));
}

const PLAIN: ReadonlySet<Expression['kind']> = new Set(['literal', 'list', 'profile', 'field', 'call', 'now']);

/** It opens no scope, binds nothing and keeps nothing: most definitions over attributes. */
const isPlain = (node: Expression): boolean => PLAIN.has(node.kind) && childrenOf(node).every(isPlain);

const NOTHING: never[] = [];

/** Three lists less for each evaluation of a definition that takes as long to evaluate as they to make. */
const plainFrameOf = ({ profile, events, now, inSegment, rows }: EvaluationInput): Frame => ({
  profile,
  events,
  rows: rows ?? noRows,
  now,
  inSegment: inSegment ?? inNone,
  items: NOTHING,
  variables: NOTHING,
  kept: NOTHING,
});

/** A condition on one item, which is the innermost; it reads neither profile nor clock. */
export function compileItemTest(test: Checked, timeZone: string): (item: Value) => boolean {
  const holds = compilerOf(zoneOf(timeZone) ?? UTC)
    .inner()
    .test(test);
  return (item) => holds({ ...NO_FRAME, items: [item], variables: [], kept: [] });
}

const inNone = () => false;

const noRows = () => [];

const frameOf = ({ profile, events, now, inSegment, rows }: EvaluationInput): Frame => ({
  profile,
  events,
  rows: rows ?? noRows,
  now,
  inSegment: inSegment ?? inNone,
  items: [],
  variables: [],
  kept: [],
});

function compilerOf(zone: Zone): Compiler {
  let kept = 0;
  const keep = () => {
    kept += 1;
    return kept - 1;
  };
  const at = (level: number): Compiler => {
    const compiler: Compiler = {
      zone,
      level,
      keep,
      node: (expression) => compileNode(compiler, expression),
      test: (expression) => testOf(expression, compileNode(compiler, expression)),
      inner: () => at(level + 1),
    };
    return compiler;
  };
  return at(0);
}

function compileNode(compiler: Compiler, node: Expression): Code {
  switch (node.kind) {
    case 'literal':
      return constant(node.value);
    case 'list': {
      const items = node.items.map((item) => compiler.node(item));
      return sealed(items, (frame) => items.map(({ run }) => run(frame)));
    }
    case 'object': {
      const entries = node.entries.map(({ key, value }) => [key, compiler.node(value)] as const);
      return sealed(
        entries.map(([, code]) => code),
        (frame) => Object.fromEntries(entries.map(([key, { run }]) => [key, run(frame)])),
      );
    }
    case 'field':
      return compileField(compiler, node);
    case 'call':
      return compileCall(compiler, node);
    case 'itemCall':
      return compileItemCall(compiler, node);
    case 'let': {
      const value = compiler.node(node.value).run;
      const body = compiler.node(node.body).run;
      const { slot } = node.binding;
      return variable((frame) => {
        frame.variables[slot] = value(frame);
        return body(frame);
      });
    }
    case 'select':
      return compileSelect(compiler, node);
    case 'quantifier':
      return compileQuantifier(compiler, node);
    case 'fold':
      return compileFold(compiler, node);
    case 'occurs':
      return compileOccurs(compiler, node);
    case 'chain':
      return compileChain(compiler, node);
    default:
      return compileReference(compiler, node);
  }
}

function compileReference(compiler: Compiler, node: Expression): Code {
  switch (node.kind) {
    case 'profile':
      return variable(({ profile }) => profile);
    case 'events': {
      const { leaf } = node;
      if (leaf === undefined) return variable(({ events }) => events);
      return variable(({ rows }) => rows(leaf));
    }
    case 'now':
      return variable(({ now }) => now);
    case 'item': {
      const index = compiler.level - 1 - node.depth;
      return variable(({ items }) => items[index] ?? null);
    }
    case 'variable': {
      const { slot } = node;
      return variable(({ variables }) => variables[slot] ?? null);
    }
    case 'period': {
      const offset = { last: -1, this: 0, next: 1 }[node.which];
      const { zone } = compiler;
      return variable(({ now }) => unitAround(now, offset, node.unit, zone));
    }
    default:
      throw new InvariantViolation(`${node.kind} is left after checking`);
  }
}

function compileField(compiler: Compiler, { object, name, stored }: Field): Code {
  const { zone } = compiler;
  if (object.kind === 'profile' && stored === undefined) return variable(({ profile }) => readField(profile, name));
  if (object.kind === 'item' && stored === undefined) {
    const index = compiler.level - 1 - object.depth;
    return variable(({ items }) => readField(items[index] ?? null, name));
  }
  const { run } = compiler.node(object);
  if (stored === undefined) return variable((frame) => readField(run(frame), name));
  return variable((frame) => readInstants(readField(run(frame), name), zone));
}

type CompileCall = (compiler: Compiler, call: Call) => Code | undefined;

const FAMILIES: readonly (readonly [CompileCall, readonly string[]])[] = [
  [compileComparing, ['=', '!=', '<', '<=', '>', '>=', 'equals', 'notEqualTo', 'in', 'notIn', 'includes']],
  [compileComparing, ['intersects', 'intersection', 'subsetOf', 'supersetOf']],
  [compileLogic, ['and', 'or', 'not', 'if', 'isNull', 'isNotNull']],
  [compileArithmetic, ['+', '-', '*', '/', '%', 'negate', 'abs', 'round', 'floor', 'ceil', 'date']],
  [compileArithmetic, ['currentYear', 'currentMonth', 'currentDayOfMonth']],
  [compileArithmetic, ['getYear', 'getMonth', 'getDayOfMonth', 'getHour', 'dayOfWeek']],
  [compileText, ['like', 'matches', 'startsWith', 'doesNotStartWith', 'endsWith', 'doesNotEndWith']],
  [compileText, ['contains', 'doesNotContain', 'regexGroup', 'lower', 'upper', 'trim', 'length']],
  [compileText, ['concat', 'substr', 'replace', 'split']],
  [compilePlace, ['distanceTo', 'within']],
  [compileCollection, ['count', 'head', 'keys', 'values', 'distinct', 'get', 'mapEntry']],
  [compileInSegment, ['inSegment']],
];

const CALLS: ReadonlyMap<string, CompileCall> = new Map(
  FAMILIES.flatMap(([compileFamily, names]) => names.map((name) => [name, compileFamily] as const)),
);

function compileCall(compiler: Compiler, call: Call): Code {
  const code = CALLS.get(call.fn)?.(compiler, call);
  if (code === undefined) throw new InvariantViolation(`no function ${call.fn} with ${call.args.length} arguments`);
  return code;
}

function compileInSegment(compiler: Compiler, { args }: Call): Code {
  const { run } = compiler.node(args[0] as Expression);
  return variable((frame) => {
    const segment = run(frame);
    return typeof segment === 'string' && frame.inSegment(segment);
  });
}

/** Of a list, any element. */
function compileOccurs(compiler: Compiler, { operand, when }: Occurs): Code {
  const { run } = compiler.node(operand);
  const windowOf = compileWindow(compiler, when);
  const { zone } = compiler;
  return variable((frame) => {
    const window = windowOf(frame);
    if (window === undefined) return false;
    const value = run(frame);
    if (typeof value === 'number') return isWithin(value, window);
    const holdsFor = (item: Value) => {
      const instant = instantOf(item, zone);
      return instant !== null && isWithin(instant, window);
    };
    return Array.isArray(value) ? value.some(holdsFor) : holdsFor(value);
  });
}
