/**
 * Calendar arithmetic on instants (epoch milliseconds) in a time zone: the proleptic Gregorian calendar, weeks from
 * Monday. Seconds to weeks are fixed lengths; months and longer are counted on the calendar, the day clamped to the
 * month's end. Shared by both evaluators; test/unit/pql/time holds it to a second source.
 */
import type { Unit } from '../ast.ts';
import { Interval } from '../value.ts';
import type { Zone } from './zone.ts';

export const DAY_MS = 86_400_000;
/** The last instant that a Date can hold. Beyond it a shifted instant is infinitely far away. */
const INSTANT_MAX = 8.64e15;

const FIXED_MS: Readonly<Partial<Record<Unit, number>>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
};

const MONTHS: Readonly<Partial<Record<Unit, number>>> = {
  month: 1,
  year: 12,
  decade: 120,
  century: 1_200,
  millennium: 12_000,
};

/** Days from 1970-01-01; `month` counts from 1 and may lie outside 1 to 12. */
export function daysOf(year: number, month: number, day: number): number {
  const y = year + Math.floor((month - 1) / 12) - (mod(month - 1, 12) < 2 ? 1 : 0);
  const monthFromMarch = mod(month - 3, 12);
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

const mod = (value: number, by: number): number => ((value % by) + by) % by;

export interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function dateOfDays(days: number): LocalDate {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export const daysInMonth = (year: number, month: number): number => daysOf(year, month + 1, 1) - daysOf(year, month, 1);

export const isRealDate = (year: number, month: number, day: number): boolean =>
  Number.isInteger(year) &&
  Number.isInteger(month) &&
  Number.isInteger(day) &&
  Math.abs(year) <= 200_000 &&
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= daysInMonth(year, month);

/** Local wall-clock time as if it were UTC. */
const localOf = (instant: number, zone: Zone): number => instant + zone.offsetAt(instant);

/**
 * The instant of a wall-clock time. One that clocks skip counts from before the change (02:30 becomes 03:30), one that
 * they show twice is the first of the two.
 */
export function instantOfLocal(local: number, zone: Zone): number {
  const before = zone.offsetAt(local - DAY_MS);
  const after = zone.offsetAt(local + DAY_MS);
  if (before === after || zone.offsetAt(local - before) === before) return local - before;
  return zone.offsetAt(local - after) === after ? local - after : local - before;
}

export const localDate = (instant: number, zone: Zone): LocalDate =>
  dateOfDays(Math.floor(localOf(instant, zone) / DAY_MS));

export const localHour = (instant: number, zone: Zone): number =>
  Math.floor(mod(localOf(instant, zone), DAY_MS) / 3_600_000);

/** 1 is Monday. */
export const dayOfWeek = (instant: number, zone: Zone): number =>
  mod(Math.floor(localOf(instant, zone) / DAY_MS) + 3, 7) + 1;

const midnight = (days: number, zone: Zone): number => instantOfLocal(days * DAY_MS, zone);

/** The instant `count` units later (earlier if negative), clamped to what can be represented. */
export function shift(instant: number, count: number, unit: Unit, zone: Zone): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return instant + count * fixed;
  const months = count * (MONTHS[unit] ?? 1);
  const local = localOf(instant, zone);
  const days = Math.floor(local / DAY_MS);
  const { year, month, day } = dateOfDays(days);
  if (Math.abs(year * 12 + months) > 3_000_000) return months < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const target = daysOf(year, month + months, 1);
  const { year: targetYear, month: targetMonth } = dateOfDays(target);
  const clamped = Math.min(day, daysInMonth(targetYear, targetMonth));
  const shifted = (target + clamped - 1) * DAY_MS + (local - days * DAY_MS);
  return Math.abs(shifted) > INSTANT_MAX
    ? Math.sign(shifted) * Number.POSITIVE_INFINITY
    : instantOfLocal(shifted, zone);
}

/** The day, or null where the calendar has none such. */
export function dayInterval(year: number, month: number, day: number, zone: Zone): Interval | null {
  if (!isRealDate(year, month, day)) return null;
  const days = daysOf(year, month, day);
  return new Interval(midnight(days, zone), midnight(days + 1, zone));
}

/** The calendar unit around the instant (`offset` 0), or that many units later. */
export function unitAround(instant: number, offset: number, unit: Unit, zone: Zone): Interval {
  const local = localOf(instant, zone);
  const days = Math.floor(local / DAY_MS);
  if (unit === 'day') return spanOfDays(days + offset, days + offset + 1, zone);
  if (unit === 'week') {
    const monday = days - mod(days + 3, 7) + 7 * offset;
    return spanOfDays(monday, monday + 7, zone);
  }
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) {
    const start = instant - mod(local, fixed) + offset * fixed;
    return new Interval(start, start + fixed);
  }
  const length = MONTHS[unit] ?? 1;
  const { year, month } = dateOfDays(days);
  const first = Math.floor((year * 12 + month - 1) / length) * length + offset * length;
  return spanOfDays(daysOf(0, first + 1, 1), daysOf(0, first + length + 1, 1), zone);
}

const spanOfDays = (first: number, next: number, zone: Zone): Interval =>
  new Interval(midnight(first, zone), midnight(next, zone));
