/** Windows that look further back than events are kept: they would silently see less than they say. */
import type { Checked, Span, Unit, When } from '../ast.ts';
import { type Diagnostic, errorAt } from '../diagnostic.ts';
import { extractLeaves } from './extract.ts';
import { type ClockTerm, usageOf } from './flow.ts';

const DAY_MS = 86_400_000;

/** The shortest that a unit commonly is, so that three years fit a retention of three years. */
const UNIT_MS: Readonly<Record<Unit, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  year: 365 * DAY_MS,
  decade: 3650 * DAY_MS,
  century: 36_500 * DAY_MS,
  millennium: 365_000 * DAY_MS,
};

type Distance = Extract<When, { form: 'distance' }>;

/** One error for each window on an event's time that reaches further back than the retention. */
export function windowsBeyond(checked: Checked, retentionMs: number): readonly Diagnostic[] {
  const reaching = usageOf(extractLeaves(checked).tree)
    .clock.flatMap(distanceOnEvents)
    .filter(({ count, unit }) => count * UNIT_MS[unit] > retentionMs);
  const days = Math.floor(retentionMs / DAY_MS);
  return reaching.map(({ count, unit, reference }) => {
    const message = `${count} ${unit}s before now is further back than events are kept, which is ${days} days`;
    return errorAt(spanOf(reference), 'PQL3014', message, `look back at most ${days} days`);
  });
}

const spanOf = ({ span }: { readonly span: Span }): Span => span;

function distanceOnEvents(term: ClockTerm): readonly Distance[] {
  if (term.kind !== 'occurs' || 'kind' in term.of) return [];
  const { source, path } = term.of;
  const isEventTime = source !== 'profile' && path.length === 1 && path[0] === 'timestamp';
  const { when } = term;
  return isEventTime && when.form === 'distance' && when.direction === 'before' ? [when] : [];
}
