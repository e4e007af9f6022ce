/** When a comparison of a fixed instant with the clock may next come out differently. */
import type { Unit, When } from '../ast.ts';
import { shift, unitAround } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';
import { whenReferences } from '../tree.ts';
import type { Interval } from '../value.ts';

/** Whether `instant` satisfies the comparison when it is `now`. */
export type Holds = (instant: number, now: number) => boolean;

/** Periods looked ahead for a change; beyond them the answer is early, which costs one look and harms nothing. */
const PERIODS_AHEAD_MAX = 64;

type Clock = { readonly when: When; readonly zone: Zone; readonly holds: Holds };

/** The earliest instant after `after` at which the answer may change; undefined if it never will. */
export function nextChange(instant: number, clock: Clock, after: number): number | undefined {
  const againstNow = whenReferences(clock.when).some(({ kind }) => kind === 'now');
  const change = againstNow ? nextChangeAgainstNow(instant, clock, after) : undefined;
  const period = nextPeriodChange(instant, clock, after);
  if (change === undefined || period === undefined) return change ?? period;
  return Math.min(change, period);
}

/**
 * How long after any instant its comparison with `now` may turn, where that is the same for every instant; undefined
 * where calendar or period decides.
 */
export function fixedShifts(when: When, zone: Zone): readonly number[] | undefined {
  if (!whenReferences(when).every(({ kind }) => kind === 'now' || kind === 'literal')) return undefined;
  if (when.form !== 'distance') return [0, 1];
  if (CALENDAR_UNITS.has(when.unit)) return undefined;
  const { operator, direction, count, unit } = when;
  const isBefore = direction === 'before';
  const met = shift(0, isBefore ? count : -count, unit, zone);
  const turnsPast = isBefore ? operator === '<=' || operator === '>' : operator === '<' || operator === '>=';
  const isEquality = operator === '=' || operator === '!=';
  return [isBefore ? 0 : 1, ...(isEquality ? [met, met + 1] : [turnsPast ? met + 1 : met])];
}

function nextChangeAgainstNow(instant: number, { when, zone, holds }: Clock, after: number): number | undefined {
  if (when.form !== 'distance') return [instant, instant + 1].find((candidate) => candidate > after);
  const turns = [instant, ...turningPoints(instant, when, zone)].flatMap((turn) => [turn, turn + 1]);
  const later = turns.filter((turn) => turn > after).sort((left, right) => left - right);
  const before = later.length > 0 && holds(instant, after);
  return later.find((turn) => holds(instant, turn) !== before);
}

/** Instants between which, and `instant`, the shifted clock stays on one side of `instant`. */
function turningPoints(instant: number, { count, unit, direction }: Distance, zone: Zone): readonly number[] {
  const back = direction === 'before' ? count : -count;
  const met = shift(instant, back, unit, zone);
  if (!Number.isFinite(met)) return [];
  return CALENDAR_UNITS.has(unit) ? calendarTurns(instant, met, zone) : [met];
}

type Distance = Extract<When, { form: 'distance' }>;
const CALENDAR_UNITS: ReadonlySet<Unit> = new Set(['month', 'year', 'decade', 'century', 'millennium']);
const DAY_MS = 86_400_000;
const QUARTER_HOUR_MS = 900_000;

/**
 * Months differ in length, so a clock shifted by some does not only rise: from the 28th to the 31st of March, a month
 * before is four times the 28th of February. Within each of these days it meets the instant at its time of day.
 */
function calendarTurns(instant: number, met: number, zone: Zone): readonly number[] {
  const timeOfDay = instant - unitAround(instant, 0, 'day', zone).start;
  const changesClocks = (day: Interval) => day.end - day.start !== DAY_MS;
  const isUneven = changesClocks(unitAround(instant, 0, 'day', zone));
  return DAYS_AROUND.flatMap((offset) => {
    const day = unitAround(met, offset, 'day', zone);
    if (!isUneven && !changesClocks(day)) return [day.start, day.start + timeOfDay];
    return quartersOf(day, instant);
  });
}

/** At most three days are cut down to the last of a month, and the instant may be met on any of the four. */
const DAYS_AROUND = [-4, -3, -2, -1, 0, 1, 2, 3, 4];

/** Where clocks are changed, by a multiple of a quarter of an hour, every quarter may be the one. */
function quartersOf({ start, end }: Interval, instant: number): readonly number[] {
  const intoQuarter = (((instant - start) % QUARTER_HOUR_MS) + QUARTER_HOUR_MS) % QUARTER_HOUR_MS;
  const count = Math.ceil((end - start) / QUARTER_HOUR_MS);
  return Array.from({ length: count }, (_, index) => start + index * QUARTER_HOUR_MS).flatMap((quarter) => [
    quarter,
    quarter + intoQuarter,
  ]);
}

/** Against `today` or `last month` the answer changes only where a period ends. */
function nextPeriodChange(instant: number, { when, zone, holds }: Clock, after: number): number | undefined {
  const references = whenReferences(when);
  const isSelfContained = references.every(({ kind }) => kind === 'now' || kind === 'period' || kind === 'literal');
  let earliest: number | undefined;
  for (const reference of references) {
    if (reference.kind !== 'period') continue;
    const { unit } = reference;
    const lookAhead = isSelfContained ? PERIODS_AHEAD_MAX : 1;
    const change = firstPeriod(
      lookAhead,
      (ahead) => unitAround(after, ahead, unit, zone).start,
      (at) => holds(instant, at) !== holds(instant, after),
    );
    earliest = earliest === undefined ? change : Math.min(earliest, change);
  }
  return earliest;
}

function firstPeriod(count: number, startOf: (ahead: number) => number, changes: (at: number) => boolean): number {
  for (let ahead = 1; ahead < count; ahead++) {
    const start = startOf(ahead);
    if (changes(start)) return start;
  }
  return startOf(count);
}
