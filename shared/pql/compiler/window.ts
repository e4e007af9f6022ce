/** `occurs`, and WHEN of a chain: each is a stretch of time, worked out once where it does not depend on the item. */
import type { Comparison, Direction, Expression, Unit, When } from '../ast.ts';
import { shift } from '../time/calendar.ts';
import { parseInstant } from '../time/instant.ts';
import type { Zone } from '../time/zone.ts';
import { childrenOf, whenReferences } from '../tree.ts';
import { Interval, type Value } from '../value.ts';
import type { Compiler, Frame } from './code.ts';

export interface Window {
  readonly low: number;
  readonly isLowOpen: boolean;
  readonly high: number;
  readonly isHighOpen: boolean;
  /** Left out of it, for `!=`: a point, or an interval without its end. */
  readonly hole?: number | Interval;
}

/** Undefined for a null reference: then nothing occurs. */
export type WindowOf = (frame: Frame) => Window | undefined;

const EARLIEST = Number.NEGATIVE_INFINITY;
const LATEST = Number.POSITIVE_INFINITY;

export function isWithin(instant: number, { low, isLowOpen, high, isHighOpen, hole }: Window): boolean {
  if (isLowOpen ? instant <= low : instant < low) return false;
  if (isHighOpen ? instant >= high : instant > high) return false;
  if (hole === undefined) return true;
  return typeof hole === 'number' ? instant !== hole : instant < hole.start || instant >= hole.end;
}

export function compileWindow(compiler: Compiler, when: When): WindowOf {
  const windowOf = compileOnce(compiler, when);
  if (!whenReferences(when).every(isSameForAllItems)) return windowOf;
  const number = compiler.keep();
  return (frame) => {
    const kept = frame.kept[number] as { readonly window: Window | undefined } | undefined;
    if (kept !== undefined) return kept.window;
    const window = windowOf(frame);
    frame.kept[number] = { window };
    return window;
  };
}

function isSameForAllItems(node: Expression): boolean {
  return node.kind !== 'item' && node.kind !== 'variable' && childrenOf(node).every(isSameForAllItems);
}

function compileOnce(compiler: Compiler, when: When): WindowOf {
  if (when.form === 'between') {
    const [from, to] = [compiler.node(when.from).run, compiler.node(when.to).run];
    return (frame) => between(asTime(from(frame), compiler.zone), asTime(to(frame), compiler.zone));
  }
  const reference = compiler.node(when.reference).run;
  const window = windowBy(when, compiler.zone);
  return (frame) => {
    const time = asTime(reference(frame), compiler.zone);
    return time === null ? undefined : window(time);
  };
}

function windowBy(when: Exclude<When, { form: 'between' }>, zone: Zone): (time: number | Interval) => Window {
  switch (when.form) {
    case 'on':
      return on;
    case 'direction':
      return (time) => beyond(when.direction, time);
    case 'distance':
      return (time) => distance(when, time, zone);
  }
}

function asTime(value: Value, zone: Zone): number | Interval | null {
  if (typeof value === 'number' || value instanceof Interval) return value;
  return typeof value === 'string' ? parseInstant(value, zone) : null;
}

const closed = (low: number, high: number): Window => ({ low, isLowOpen: false, high, isHighOpen: false });
const halfOpen = (low: number, high: number): Window => ({ low, isLowOpen: false, high, isHighOpen: true });

const on = (time: number | Interval): Window =>
  typeof time === 'number' ? closed(time, time) : halfOpen(time.start, time.end);

function between(from: number | Interval | null, to: number | Interval | null): Window | undefined {
  if (from === null || to === null) return undefined;
  const low = typeof from === 'number' ? from : from.start;
  return typeof to === 'number' ? closed(low, to) : halfOpen(low, to.end);
}

/** Strictly before or after an instant; outside an interval. */
function beyond(direction: Direction, time: number | Interval): Window {
  if (direction === 'before') return halfOpen(EARLIEST, typeof time === 'number' ? time : time.start);
  return typeof time === 'number'
    ? { low: time, isLowOpen: true, high: LATEST, isHighOpen: false }
    : closed(time.end, LATEST);
}

interface Distance {
  readonly operator: Comparison;
  readonly count: number;
  readonly unit: Unit;
  readonly direction: Direction;
}

function distance({ operator, count, unit, direction }: Distance, time: number | Interval, zone: Zone): Window {
  const sign = direction === 'before' ? -1 : 1;
  const move = (instant: number) => shift(instant, sign * count, unit, zone);
  const side: Window = direction === 'before' ? upTo(time) : from(time);
  if (operator === '=' || operator === '!=') {
    const exact = typeof time === 'number' ? move(time) : new Interval(move(time.start), move(time.end));
    return operator === '=' ? on(exact) : { ...side, hole: exact };
  }
  const edge = direction === 'before' ? side.high : side.low;
  const moved = move(edge);
  const isOpen = operator === '<' || operator === '>';
  const isNear = operator === '<' || operator === '<=';
  if (direction === 'before') {
    return isNear ? { ...side, low: moved, isLowOpen: isOpen } : below(side, moved, isOpen);
  }
  return isNear ? { ...side, high: moved, isHighOpen: isOpen } : { ...side, low: moved, isLowOpen: isOpen };
}

/** Not after an instant; before an interval's start. */
const upTo = (time: number | Interval): Window =>
  typeof time === 'number' ? closed(EARLIEST, time) : halfOpen(EARLIEST, time.start);

const from = (time: number | Interval): Window => closed(typeof time === 'number' ? time : time.end, LATEST);

/** At a distance of 0 from an interval the shifted edge is the interval's start, which stays outside. */
const below = (side: Window, moved: number, isOpen: boolean): Window => ({
  ...side,
  high: moved,
  isHighOpen: isOpen || (moved === side.high && side.isHighOpen),
});
