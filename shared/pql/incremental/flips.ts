/** When an expression's answer may next change although nothing arrives. */
import type { Checked, Expression } from '../ast.ts';
import { compile } from '../compiler.ts';
import { unitAround } from '../time/calendar.ts';
import { parseInstant } from '../time/instant.ts';
import type { Zone } from '../time/zone.ts';
import type { ExperienceEvent } from '../value.ts';
import { Interval } from '../value.ts';
import { type DayWindow, dayOnWhich, dayWindow } from './day-window.ts';
import type { ClockTerm, Origin } from './flow.ts';
import { fixedShifts, type Holds, nextChange } from './next-change.ts';
import type { EvaluationContext } from './plan.ts';

/** How often an answer is looked at again whose next change can't be told from the expression. */
export const RECHECK_MS = 60_000;
/** The last instant that a Date can hold: no clock reaches what lies beyond. */
const INSTANT_MAX = 8.64e15;

type NextOf = (context: EvaluationContext) => number | undefined;

export function compileFlips(terms: readonly ClockTerm[], zone: Zone): NextOf {
  const nexts = terms.map((term) => compileTerm(term, zone));
  return (context) => {
    let earliest: number | undefined;
    for (const next of nexts) {
      const at = next(context);
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
    // Clocks show whole milliseconds, whatever an attribute may hold.
    return earliest === undefined || earliest > INSTANT_MAX ? undefined : Math.ceil(earliest);
  };
}

function compileTerm(term: ClockTerm, zone: Zone): NextOf {
  switch (term.kind) {
    case 'midnight':
      return ({ now }) => unitAround(now, 1, 'day', zone).start;
    case 'unknown':
      return ({ now }) => now + RECHECK_MS;
    case 'instant':
      return earliestOver(instantsOf(term.of, zone), (instant, now) =>
        instant + 1 > now ? Math.max(instant, now + 1) : undefined,
      );
    case 'occurs': {
      const shifts = isRowTime(term.of) ? fixedShifts(term.when, zone) : undefined;
      if (shifts !== undefined) return nextRowShift((term.of as { readonly source: number }).source, shifts);
      const days = isRowTime(term.of) ? dayWindow(term.when, zone) : undefined;
      if (days !== undefined) return nextRowDay((term.of as { readonly source: number }).source, days);
      const clock = { when: term.when, zone, holds: compileHolds(term, zone) };
      return earliestOver(instantsOf(term.of, zone), (instant, now) => nextChange(instant, clock, now));
    }
  }
}

const isRowTime = (of: Origin | Expression): boolean =>
  !('kind' in of) && of.source !== 'profile' && of.path.length === 1 && of.path[0] === 'timestamp';

/** Rows stand in the order of time, so for each shift the first row that still lies ahead has the next change. */
function nextRowShift(source: number, shifts: readonly number[]): NextOf {
  return ({ rows, now }) => {
    const list = rows(source);
    let earliest: number | undefined;
    for (const shift of shifts) {
      const row = list[firstAfter(list, now - shift)];
      if (row !== undefined && (earliest === undefined || row.timestamp + shift < earliest))
        earliest = row.timestamp + shift;
    }
    return earliest;
  };
}

/** Windows move on by days, so the row that leaves next is the first inside, and the one that enters the first beyond. */
function nextRowDay(source: number, days: DayWindow): NextOf {
  return ({ rows, now }) => {
    const list = rows(source);
    if (list.length === 0) return undefined;
    const { low, high } = days.at(now, 0);
    const leaving = list[firstAfter(list, low - 1)];
    const entering = list[firstAfter(list, high - 1)];
    const left = leaving && dayOnWhich(days, now, (window) => window.low > leaving.timestamp, leaving.timestamp - low);
    const entered =
      entering && dayOnWhich(days, now, (window) => window.high > entering.timestamp, entering.timestamp - high);
    return left === undefined || (entered !== undefined && entered < left) ? entered : left;
  };
}

function firstAfter(rows: readonly ExperienceEvent[], instant: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as ExperienceEvent).timestamp > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

type InstantsOf = (context: EvaluationContext) => Iterable<number>;

function earliestOver(instantsIn: InstantsOf, next: (instant: number, now: number) => number | undefined): NextOf {
  return (context) => {
    let earliest: number | undefined;
    for (const instant of instantsIn(context)) {
      const at = next(instant, context.now);
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
    return earliest;
  };
}

function instantsOf(of: Origin | Expression, zone: Zone): InstantsOf {
  if ('kind' in of) {
    const value = compile(of, { mode: 'value', timeZone: zone.name });
    return ({ profile, rows, now, inSegment }) =>
      instantsIn(value({ profile, events: [], rows, now, inSegment }), [], zone);
  }
  const { source, path } = of;
  if (source === 'profile') return ({ profile }) => instantsIn(profile, path, zone);
  return ({ rows }) => instantsIn(rows(source), path, zone);
}

/** Every instant below a path, through any lists on the way. */
function* instantsIn(value: unknown, path: readonly string[], zone: Zone): Generator<number> {
  if (Array.isArray(value)) {
    for (const item of value) yield* instantsIn(item, path, zone);
    return;
  }
  const [key, ...rest] = path;
  if (key !== undefined) {
    if (value !== null && typeof value === 'object' && Object.hasOwn(value, key)) {
      yield* instantsIn((value as Record<string, unknown>)[key], rest, zone);
    }
    return;
  }
  if (value instanceof Interval) {
    yield value.start;
    yield value.end;
    return;
  }
  const instant = typeof value === 'string' ? parseInstant(value, zone) : value;
  if (typeof instant === 'number' && Math.abs(instant) <= INSTANT_MAX) yield instant;
}

const PROBE = 'instant';

function compileHolds({ when, of }: Extract<ClockTerm, { kind: 'occurs' }>, zone: Zone): Holds {
  const { span } = 'kind' in of ? of : 'reference' in when ? when.reference : when.from;
  const type = { kind: 'timestamp' } as const;
  const operand: Checked = {
    kind: 'field',
    object: { kind: 'profile', span, type: { kind: 'any' } },
    name: PROBE,
    span,
    type,
  };
  const holds = compile(
    { kind: 'occurs', operand, when, span, type: { kind: 'boolean' } },
    { mode: 'segment', timeZone: zone.name },
  );
  return (instant, now) => holds({ profile: { [PROBE]: instant }, events: [], now }) === true;
}
