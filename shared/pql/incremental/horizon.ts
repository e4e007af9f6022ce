/** How far back rows can matter. */
import type { Chain, Direction, Step, Unit, When } from '../ast.ts';

const DAY_MS = 86_400_000;

/** The longest a unit ever is, at least: months and longer follow the calendar and the time zone. */
const UNIT_MS_MAX: Readonly<Record<Unit, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 33 * DAY_MS,
  year: 368 * DAY_MS,
  decade: 3660 * DAY_MS,
  century: 36_600 * DAY_MS,
  millennium: 366_000 * DAY_MS,
};

/** So many of a unit, at their longest, in milliseconds. */
export const longestMs = (count: number, unit: Unit): number => count * UNIT_MS_MAX[unit];

/** The longest distance, in milliseconds, that `< N unit` or `<= N unit` in a direction allows; undefined for any other. */
export function reachOf(when: Extract<When, { form: 'distance' }>, direction: Direction): number | undefined {
  if (when.direction !== direction || (when.operator !== '<' && when.operator !== '<=')) return undefined;
  return longestMs(when.count, when.unit);
}

/**
 * The age beyond which `< N unit before R` or `<= N unit before R` lets nothing pass, whenever it is asked. R is now, or
 * a coming period such as tomorrow, which begins later: seven days before tomorrow are today and six days before it.
 */
export function reachBeforeNow(when: When): number | undefined {
  if (when.form !== 'distance') return undefined;
  const { reference } = when;
  const isAhead = reference.kind === 'now' || (reference.kind === 'period' && reference.which === 'next');
  return isAhead ? reachOf(when, 'before') : undefined;
}

/**
 * The age beyond which an event can be no step's. A step is bounded by a window before now, or by being within a distance
 * before a later step that is; counting steps look no further back than the step before them.
 */
export function chainHorizon({ steps }: Chain): number | undefined {
  const bounds = new Map<number, number>();
  for (const step of [...steps].reverse()) boundStep(step, bounds);
  const [first] = steps;
  if (first === undefined || !first.count.positive) return undefined;
  const reaches = steps.filter(({ count }) => count.positive).map(({ slot }) => bounds.get(slot));
  return reaches.every((reach) => reach !== undefined) ? Math.max(...reaches) : undefined;
}

/** Uses the bounds of later steps, so steps come last first. */
function boundStep({ slot, when, count }: Step, bounds: Map<number, number>): void {
  if (!count.positive) return;
  for (const each of when) {
    tighten(bounds, slot, reachBeforeNow(each));
  }
  const own = bounds.get(slot);
  if (own === undefined) return;
  for (const each of when) {
    if (each.form !== 'distance' || each.reference.kind !== 'variable') continue;
    const reach = reachOf(each, 'after');
    tighten(bounds, each.reference.slot, reach === undefined ? undefined : own + reach);
  }
}

function tighten(bounds: Map<number, number>, slot: number, reach: number | undefined): void {
  if (reach !== undefined) bounds.set(slot, Math.min(reach, bounds.get(slot) ?? reach));
}
