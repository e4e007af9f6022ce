/**
 * What the compiler makes of a node: a closure over a frame, and whether it needs the frame at all. What does not is
 * computed once, when the definition is compiled.
 */
import type { Expression } from '../ast.ts';
import type { Zone } from '../time/zone.ts';
import type { ExperienceEvent, StoredObject, Value } from '../value.ts';

/** One evaluation. `items` holds the item of each open scope, `variables` the bindings by slot. */
export interface Frame {
  readonly profile: StoredObject;
  readonly events: readonly ExperienceEvent[];
  /** What stands for the events where only a leaf's rows are kept (incremental/plan.ts). */
  readonly rows: (leaf: number) => readonly ExperienceEvent[];
  readonly now: number;
  readonly inSegment: (idOrName: string) => boolean;
  readonly items: Value[];
  readonly variables: Value[];
  /** Results that are the same for every item of an evaluation, by number. */
  readonly kept: unknown[];
}

export type Run = (frame: Frame) => Value;
export type Test = (frame: Frame) => boolean;

export interface Code {
  readonly run: Run;
  /** A constant's `run` ignores its frame. */
  readonly isConstant: boolean;
  /** What `run` returns, if it is constant. */
  readonly value: Value;
}

/** How the parts of the compiler reach one another, and where in the tree they are. */
export interface Compiler {
  readonly zone: Zone;
  /** How many item scopes are open. */
  readonly level: number;
  readonly node: (expression: Expression) => Code;
  readonly test: (expression: Expression) => Test;
  /** The compiler for an expression in one more item scope. */
  readonly inner: () => Compiler;
  /** A number for something kept during an evaluation. */
  readonly keep: () => number;
}

export const NO_FRAME: Frame = {
  profile: {},
  events: [],
  rows: () => [],
  now: 0,
  inSegment: () => false,
  items: [],
  variables: [],
  kept: [],
};

export const constant = (value: Value): Code => ({ run: () => value, isConstant: true, value });
export const variable = (run: Run): Code => ({ run, isConstant: false, value: null });

/** Computed now if all its parts are constant. */
export function sealed(parts: readonly Code[], run: Run): Code {
  return parts.every(({ isConstant }) => isConstant) ? constant(run(NO_FRAME)) : variable(run);
}

/** In a Boolean position: null is false, a list is "not empty", anything else is "is defined". */
export function truth(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.length > 0 : true;
}

/** A node in a Boolean position. Data declared Boolean may hold anything, so only what is computed is trusted. */
export function testOf({ kind, type }: Expression, { run }: Code): Test {
  const isComputed =
    kind === 'call' || kind === 'itemCall' || kind === 'occurs' || kind === 'quantifier' || kind === 'chain';
  if (isComputed && type.kind === 'boolean') return run as Test;
  return (frame) => truth(run(frame));
}
