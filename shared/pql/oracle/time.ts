/** `occurs`, straight from section 4 of the language's definition. */
import type { Comparison, Unit, When } from '../ast.ts';
import { shift } from '../time/calendar.ts';
import { parseInstant } from '../time/instant.ts';
import type { Zone } from '../time/zone.ts';
import { Interval, type Value } from '../value.ts';
import { isNumber, isString } from './values.ts';

export type Time = number | Interval;

export function toTime(value: Value, zone: Zone): Time | null {
  if (isNumber(value) || value instanceof Interval) return value;
  return isString(value) ? parseInstant(value, zone) : null;
}

export function toInstant(value: Value, zone: Zone): number | null {
  const time = toTime(value, zone);
  return time instanceof Interval ? time.start : time;
}

const contains = ({ start, end }: Interval, t: number): boolean => start <= t && t < end;

export interface Resolved {
  readonly reference: Time | null;
  /** The later bound of `between`. */
  readonly to?: Time | null;
}

export function occurs(t: number, when: When, { reference, to = null }: Resolved, zone: Zone): boolean {
  if (reference === null) return false;
  switch (when.form) {
    case 'on':
      return reference instanceof Interval ? contains(reference, t) : t === reference;
    case 'between': {
      if (to === null) return false;
      const start = reference instanceof Interval ? reference.start : reference;
      return start <= t && (to instanceof Interval ? t < to.end : t <= to);
    }
    case 'direction':
      if (when.direction === 'before') return reference instanceof Interval ? t < reference.start : t < reference;
      return reference instanceof Interval ? t >= reference.end : t > reference;
    case 'distance':
      return isAtDistance(t, when, reference, zone);
  }
}

interface Distance {
  readonly operator: Comparison;
  readonly count: number;
  readonly unit: Unit;
  readonly direction: 'before' | 'after';
}

function isAtDistance(t: number, { operator, count, unit, direction }: Distance, reference: Time, zone: Zone): boolean {
  const moved = (instant: number) => shift(instant, direction === 'before' ? -count : count, unit, zone);
  if (reference instanceof Interval) {
    const isOutside = direction === 'before' ? t < reference.start : t >= reference.end;
    const exactly = contains(new Interval(moved(reference.start), moved(reference.end)), t);
    if (operator === '=') return exactly;
    if (operator === '!=') return isOutside && !exactly;
    const edge = direction === 'before' ? reference.start : reference.end;
    return isOutside && compareDistance(t, operator, moved(edge), direction);
  }
  const isOnItsSide = direction === 'before' ? t <= reference : t >= reference;
  return isOnItsSide && compareDistance(t, operator, moved(reference), direction);
}

/** A smaller distance before R is a later t; a smaller distance after R an earlier one. */
function compareDistance(t: number, operator: Comparison, moved: number, direction: 'before' | 'after'): boolean {
  const isNearer = direction === 'before' ? t > moved : t < moved;
  const isExact = t === moved;
  switch (operator) {
    case '=':
      return isExact;
    case '!=':
      return !isExact;
    case '<':
      return isNearer;
    case '<=':
      return isNearer || isExact;
    case '>':
      return !isNearer && !isExact;
    case '>=':
      return !isNearer;
  }
}
