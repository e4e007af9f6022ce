/**
 * `chain` by trying every assignment. Exponential, and obviously right: for short lists only.
 */
import type { StepCount } from '../ast.ts';
import type { Value } from '../value.ts';
import { byCodePoint, isNumber, isPlainObject, lookUp, orNull } from './values.ts';

export interface OracleStep {
  readonly slot: number;
  readonly count: StepCount;
  /** Whether the event satisfies WHAT and WHERE. */
  readonly isMatch: (item: Value) => boolean;
  /** Whether the time satisfies WHEN, given the labels' times. */
  readonly isInTime: (at: number, labels: ReadonlyMap<number, number>) => boolean;
}

interface Timed {
  readonly item: Value;
  readonly at: number;
}

export function holdsChain(
  items: readonly Value[],
  timeOf: (item: Value) => number | null,
  steps: readonly OracleStep[],
  now: number,
): boolean {
  const timed = items.map((item) => ({ item: orNull(item), at: timeOf(orNull(item)) }));
  const events = timed.filter((event): event is Timed => isNumber(event.at)).toSorted(inOrder);
  return canFollow(events, steps, now, -1, new Map());
}

function inOrder(left: Timed, right: Timed): number {
  if (left.at !== right.at) return left.at - right.at;
  const id = ({ item }: Timed) => (isPlainObject(item) ? String(lookUp(item, '_id') ?? '') : '');
  return { less: -1, equal: 0, greater: 1 }[byCodePoint(id(left), id(right))];
}

/** Whether the steps can be satisfied by events behind the one at `previous`. */
function canFollow(
  events: readonly Timed[],
  steps: readonly OracleStep[],
  now: number,
  previous: number,
  labels: ReadonlyMap<number, number>,
): boolean {
  const next = steps.findIndex(({ count }) => count.positive);
  const counting = next === -1 ? steps : steps.slice(0, next);
  const step = steps[next];
  const allows = (before: number) =>
    counting.every((each) => isAllowed(each.count, matchesBetween(events, each, labels, previous, before)));
  if (step === undefined) {
    const afterNow = events.findIndex(({ at }) => at > now);
    return allows(afterNow === -1 ? events.length : afterNow);
  }
  const candidates = events.map((_, at) => at).filter((at) => at > previous && isTaken(events, step, labels, at));
  return combinations(candidates, step.count.min).some((group) => {
    const [first, last] = [group[0] as number, group.at(-1) as number];
    const named = new Map(labels).set(step.slot, (events[last] as Timed).at);
    return allows(first) && canFollow(events, steps.slice(next + 1), now, last, named);
  });
}

function isTaken(events: readonly Timed[], step: OracleStep, labels: ReadonlyMap<number, number>, at: number): boolean {
  const event = events[at] as Timed;
  return step.isMatch(event.item) && step.isInTime(event.at, labels);
}

function matchesBetween(
  events: readonly Timed[],
  step: OracleStep,
  labels: ReadonlyMap<number, number>,
  after: number,
  before: number,
): number {
  return events.filter((_, at) => at > after && at < before && isTaken(events, step, labels, at)).length;
}

const isAllowed = ({ min, max, except }: StepCount, found: number): boolean =>
  found >= min && found <= max && found !== except;

function combinations(candidates: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return candidates.flatMap((first, index) =>
    combinations(candidates.slice(index + 1), size - 1).map((rest) => [first, ...rest]),
  );
}
