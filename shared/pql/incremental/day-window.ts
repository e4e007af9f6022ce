/** `<= N days before tomorrow` and its like: a stretch of whole days that moves on at midnight. */
import type { Unit, When } from '../ast.ts';
import { shift, unitAround } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';

export interface DayWindow {
  /** The window on the day that is `ahead` days after now's: from `low` up to, not including, `high`. */
  readonly at: (now: number, ahead: number) => { readonly low: number; readonly high: number };
  /** When that day begins. */
  readonly startOf: (now: number, ahead: number) => number;
}

/** Of these a day's window lies a fixed time after that of the day before, clock changes apart. */
const FIXED_UNITS: ReadonlySet<Unit> = new Set(['millisecond', 'second', 'minute', 'hour', 'day', 'week']);
const DAY_MS = 86_400_000;

/** Undefined for any other comparison. */
export function dayWindow(when: When, zone: Zone): DayWindow | undefined {
  if (when.form !== 'distance' || when.operator !== '<=' || when.direction !== 'before') return undefined;
  const { reference, count, unit } = when;
  if (reference.kind !== 'period' || reference.unit !== 'day' || !FIXED_UNITS.has(unit) || count < 0) return undefined;
  const offset = { last: -1, this: 0, next: 1 }[reference.which];
  return {
    at: (now, ahead) => {
      const high = unitAround(now, offset + ahead, 'day', zone).start;
      return { low: shift(high, -count, unit, zone), high };
    },
    startOf: (now, ahead) => unitAround(now, ahead, 'day', zone).start,
  };
}

/** The start of the first coming day whose window has passed something that lies `distance` ahead of its edge today. */
export function dayOnWhich(
  days: DayWindow,
  now: number,
  hasPassed: (window: { readonly low: number; readonly high: number }) => boolean,
  distance: number,
): number | undefined {
  // Clocks that change make a day an hour or two longer, never a whole day.
  let ahead = Math.max(1, Math.floor(distance / DAY_MS) - 1);
  while (!hasPassed(days.at(now, ahead)) && Number.isFinite(days.startOf(now, ahead))) ahead += 1;
  const start = days.startOf(now, ahead);
  return Number.isFinite(start) ? start : undefined;
}
