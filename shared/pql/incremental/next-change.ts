/** When a comparison of a fixed instant with the clock may next come out differently. */
import type { Comparison, When } from '../ast.ts';
import { shift, unitAround } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';
import { whenReferences } from '../tree.ts';

/** Whether `instant` satisfies the comparison when it is `now`. */
export type Holds = (instant: number, now: number) => boolean;

/** Periods looked ahead for a change; beyond them the answer is early, which costs one look and harms nothing. */
const PERIODS_AHEAD_MAX = 64;
/** A calendar shift undone lies within this of the instant that it started from. */
const CALENDAR_SLACK_MS = 5 * 86_400_000;

type Clock = { readonly when: When; readonly zone: Zone; readonly holds: Holds };

/** The earliest instant after `after` at which the answer may change; undefined if it never will. */
export function nextChange(instant: number, clock: Clock, after: number): number | undefined {
  const { when, zone } = clock;
  const references = whenReferences(when);
  const candidates = references.some(({ kind }) => kind === 'now') ? changesAgainstNow(instant, when, zone) : [];
  const period = nextPeriodChange(instant, clock, after);
  const later = [...candidates, ...(period === undefined ? [] : [period])].filter((candidate) => candidate > after);
  return later.length > 0 ? Math.min(...later) : undefined;
}

function changesAgainstNow(instant: number, when: When, zone: Zone): readonly number[] {
  if (when.form !== 'distance') return [instant, instant + 1];
  const { operator, direction, count, unit } = when;
  const sign = direction === 'before' ? -1 : 1;
  const shifted = (now: number) => shift(now, sign * count, unit, zone);
  const guess = shift(instant, -sign * count, unit, zone);
  const edges = crossings(operator, direction).map((strict) => firstAtOrPast(shifted, instant, strict, guess));
  return [direction === 'before' ? instant : instant + 1, ...edges];
}

/** Whether the answer turns when the shifted clock passes the instant (true), or when it reaches it (false). */
function crossings(operator: Comparison, direction: 'before' | 'after'): readonly boolean[] {
  if (operator === '=' || operator === '!=') return [false, true];
  const turnsPast =
    direction === 'before' ? operator === '<=' || operator === '>' : operator === '<' || operator === '>=';
  return [turnsPast];
}

/** The first whole millisecond at which a rising function of time reaches `target`, or passes it. */
function firstAtOrPast(rising: (now: number) => number, target: number, strict: boolean, guess: number): number {
  const isThere = (now: number) => (strict ? rising(now) > target : rising(now) >= target);
  const exact = strict ? guess + 1 : guess;
  if (isThere(exact) && !isThere(exact - 1)) return exact;
  let low = guess - CALENDAR_SLACK_MS;
  let high = guess + CALENDAR_SLACK_MS;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isThere(middle)) high = middle;
    else low = middle;
  }
  return high;
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
