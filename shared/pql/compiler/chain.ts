/**
 * `chain` holds if any assignment of events to steps satisfies it. The search goes from positive step to positive
 * step; the counting steps between two of them are tested on the events strictly between. A state that failed is
 * remembered by position and by the labels that later steps still name.
 */
import type { Chain, Expression, Step, StepCount } from '../ast.ts';
import { compareCodePoints } from '../events.ts';
import { childrenOf, whenReferences } from '../tree.ts';
import type { Value } from '../value.ts';
import { instantOf } from './access.ts';
import { type Code, type Compiler, type Frame, type Test, variable } from './code.ts';
import { compileWindow, isWithin, type Window, type WindowOf } from './window.ts';

interface CompiledStep {
  readonly slot: number;
  readonly count: StepCount;
  readonly conditions: readonly Test[];
  readonly windows: readonly WindowOf[];
  /** Whether the earliest event is as good as any: no later WHEN names the label, and no count begins at it. */
  readonly isGreedy: boolean;
  /** The labels before this step that it or a later step names. */
  readonly named: readonly number[];
}

interface Search {
  readonly frame: Frame;
  readonly steps: readonly CompiledStep[];
  readonly times: readonly number[];
  /** Positions of the events that match a step, apart from WHEN. */
  readonly matches: readonly (readonly number[])[];
  readonly failed: Set<string>;
}

export function compileChain(compiler: Compiler, node: Chain): Code {
  const source = compiler.node(node.source).run;
  const inner = compiler.inner();
  const time = inner.node(node.time).run;
  const steps = node.steps.map((step, index) => compileStep(compiler, inner, node.steps, step, index));
  const { level, zone } = compiler;
  return variable((frame) => {
    const list = source(frame);
    const timeOf = (item: Value) => {
      frame.items[level] = item;
      return instantOf(time(frame), zone);
    };
    const ordered = inOrder(Array.isArray(list) ? list : [], timeOf);
    const matches = steps.map(({ conditions }) => positionsOf(frame, level, ordered, conditions));
    const search: Search = { frame, steps, times: ordered.map(({ at }) => at), matches, failed: new Set() };
    return canContinue(search, 0, -1);
  });
}

function compileStep(
  compiler: Compiler,
  inner: Compiler,
  steps: readonly Step[],
  { slot, what, where, when, count }: Step,
  index: number,
): CompiledStep {
  const later = steps.slice(index + 1);
  const isNamed = later.some((step) => namesSlot(step, slot));
  return {
    slot,
    count,
    conditions: [what, ...where].map((condition) => inner.test(condition)),
    windows: when.map((each) => compileWindow(compiler, each)),
    isGreedy: !isNamed && (later[0]?.count.positive ?? true),
    named: steps
      .slice(0, index)
      .map((step) => step.slot)
      .filter((label) => steps.slice(index).some((step) => namesSlot(step, label))),
  };
}

const namesSlot = ({ when }: Step, slot: number): boolean =>
  when.some((each) => whenReferences(each).some((reference) => mentions(reference, slot)));

const mentions = (node: Expression, slot: number): boolean =>
  (node.kind === 'variable' && node.slot === slot) || childrenOf(node).some((child) => mentions(child, slot));

interface Timed {
  readonly item: Value;
  readonly at: number;
}

/** By time, then `_id`. Events come in this order already; another list may not. */
function inOrder(list: readonly Value[], timeOf: (item: Value) => number | null): readonly Timed[] {
  const timed: Timed[] = [];
  let isSorted = true;
  for (const item of list) {
    const at = timeOf(item);
    if (at === null) continue;
    const next = { item, at };
    const last = timed.at(-1);
    if (last !== undefined && compareTimed(last, next) > 0) isSorted = false;
    timed.push(next);
  }
  return isSorted ? timed : timed.sort(compareTimed);
}

const compareTimed = (left: Timed, right: Timed): number =>
  left.at - right.at || compareCodePoints(idOf(left.item), idOf(right.item));

function idOf(item: Value): string {
  const isObject = item !== null && typeof item === 'object' && Object.hasOwn(item, '_id');
  return isObject ? String((item as { readonly _id: unknown })._id ?? '') : '';
}

function positionsOf(frame: Frame, level: number, ordered: readonly Timed[], conditions: readonly Test[]): number[] {
  const positions: number[] = [];
  ordered.forEach(({ item }, position) => {
    frame.items[level] = item;
    if (conditions.every((condition) => condition(frame))) positions.push(position);
  });
  return positions;
}

/** Whether steps from `index` on can be satisfied behind the event at `previous`. */
function canContinue(search: Search, index: number, previous: number): boolean {
  const { steps, failed } = search;
  if (index === steps.length) return true;
  const key = keyOf(search, index, previous);
  if (failed.has(key)) return false;
  const next = nextPositive(steps, index);
  const counting = steps.slice(index, next).map((step, offset) => ({
    count: step.count,
    positions: withinWindows(search, index + offset),
  }));
  const found =
    next === steps.length ? endsWell(search, counting, previous) : canTake(search, next, counting, previous);
  if (!found) failed.add(key);
  return found;
}

function keyOf({ frame, steps }: Search, index: number, previous: number): string {
  const labels = (steps[index] as CompiledStep).named.map((slot) => frame.variables[slot]);
  return `${index} ${previous} ${labels.join(' ')}`;
}

function nextPositive(steps: readonly CompiledStep[], from: number): number {
  let index = from;
  while (index < steps.length && !steps[index]?.count.positive) index += 1;
  return index;
}

/** The matches of a step that its WHEN allows, given the labels so far. */
function withinWindows({ frame, steps, matches, times }: Search, index: number): readonly number[] {
  const positions = matches[index] as readonly number[];
  const windows = (steps[index] as CompiledStep).windows.map((windowOf) => windowOf(frame));
  if (windows.includes(undefined)) return [];
  if (windows.length === 0) return positions;
  return positions.filter((position) =>
    windows.every((window) => isWithin(times[position] as number, window as Window)),
  );
}

interface Counting {
  readonly count: StepCount;
  readonly positions: readonly number[];
}

const allowsBetween = (counting: readonly Counting[], after: number, before: number): boolean =>
  counting.every(({ count: { min, max, except }, positions }) => {
    const found = firstAbove(positions, before - 1) - firstAbove(positions, after);
    const between = Math.max(0, found);
    return between >= min && between <= max && between !== except;
  });

/** How many positions are at most `limit`: the index of the first one above it. */
function firstAbove(positions: readonly number[], limit: number): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Behind the last positive step, counts go up to and including `now`. */
function endsWell({ frame, times }: Search, counting: readonly Counting[], previous: number): boolean {
  let end = times.length;
  while (end > 0 && (times[end - 1] as number) > frame.now) end -= 1;
  return allowsBetween(counting, previous, end);
}

/**
 * The step's first event decides what lies between; the earliest that the counts allow leaves most room. Its last
 * event, which the label names, may be any that leaves enough matches before it. A single event is both.
 */
function canTake(search: Search, next: number, counting: readonly Counting[], previous: number): boolean {
  const step = search.steps[next] as CompiledStep;
  const positions = withinWindows(search, next);
  const isAllowed = (index: number) => allowsBetween(counting, previous, positions[index] as number);
  let first = firstAbove(positions, previous);
  while (first < positions.length && !isAllowed(first)) first += 1;
  for (let last = first + step.count.min - 1; last < positions.length; last += 1) {
    if (step.count.min === 1 && last > first && !isAllowed(last)) continue;
    const position = positions[last] as number;
    search.frame.variables[step.slot] = search.times[position] as number;
    if (canContinue(search, next + 1, position)) return true;
    if (step.isGreedy) return false;
  }
  return false;
}
