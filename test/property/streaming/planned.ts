/** Random expressions as streaming evaluation sees them, and the leaf rows that it would have of random events. */
import { analyze } from '#shared/pql/incremental/index.ts';
import type { Plan } from '#shared/pql/incremental/plan.ts';
import {
  type Checked,
  check,
  type EvaluationInput,
  type ExperienceEvent,
  hasErrors,
  interpret,
  normalizeEvents,
  parse,
  simplify,
} from '#shared/pql/index.ts';
import { shift } from '#shared/pql/time/calendar.ts';
import { zoneOf } from '#shared/pql/time/zone.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { decodeRows, encodeRows, mergeRows, rowOf } from '#shared/segment/leaf-rows.ts';
import { RowTable } from '#shared/segment/row-table.ts';
import type { Choices } from '../pql/choices.ts';
import { eventsOf, NOW, profileOf } from '../pql/inputs.ts';
import { conditionText } from './conditions.ts';

export interface Planned {
  readonly text: string;
  readonly checked: Checked;
  readonly plan: Plan;
  readonly timeZone: string | undefined;
}

export const ZONES = [undefined, 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'] as const;

/** Undefined for what the checker refuses. */
export function planOf(text: string, timeZone: string | undefined): Planned | undefined {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  const { expression: checked, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment', timeZone });
  if (hasErrors(diagnostics)) return undefined;
  return { text, checked, plan: analyze(simplify(checked), { timeZone }), timeZone };
}

export const drawPlanned = (c: Choices): Planned | undefined => planOf(conditionText(c), c.of(ZONES));

/** Days on which clocks change, months end, and an ordinary one. */
const DAYS = [
  NOW,
  Date.parse('2024-03-10T06:59:59.999Z'),
  Date.parse('2024-11-03T05:30:00Z'),
  Date.parse('2023-12-31T23:59:59Z'),
  Date.parse('2024-01-31T00:00:00Z'),
];

export interface Given {
  readonly profile: EvaluationInput['profile'];
  readonly events: readonly ExperienceEvent[];
  readonly now: number;
}

export function drawGiven(c: Choices): Given {
  const base = c.of(DAYS);
  const moved = (event: ExperienceEvent): ExperienceEvent => {
    const nudged = event.timestamp - NOW + base + c.of([0, 0, 0, 1, -1, 1000, -60_000]);
    return { ...event, timestamp: c.chance(20) ? shift(nudged, -1, c.of(['month', 'year']), utc) : nudged };
  };
  const events = normalizeEvents(normalizeEvents(eventsOf(c)).map(moved));
  const now = base + c.of([0, 0, 1, -1, 3_600_000, -3_600_000, 43_200_000, 86_400_000, 29 * 86_400_000]);
  return { profile: profileOf(c), events, now };
}

const utc = zoneOf(undefined) as NonNullable<ReturnType<typeof zoneOf>>;

export const inSegment = (reference: string): boolean => reference === 'in';

/** The rows of each leaf after all events were kept at `now`, as they come back from storage. */
export function rowsAt({ plan }: Planned, { events, now }: Given): (slot: number) => readonly StoredEvent[] {
  if (plan.evaluationClass === 'replay') return () => events as readonly StoredEvent[];
  const table = new RowTable([]);
  const leaves = plan.leaves.map((leaf) => {
    const { matches, eventTypes, keep } = leaf;
    const matching = events.filter(
      (event) => (eventTypes === 'any' || eventTypes.includes(String(event.eventType))) && matches(event),
    );
    const rows = matching.map((event) => rowOf(event as StoredEvent, leaf, table));
    return decodeRows(encodeRows(mergeRows([], rows, keep, now), leaf), leaf, table);
  });
  return (slot) => leaves[slot] as readonly StoredEvent[];
}

export const truth = ({ checked, timeZone }: Planned, { profile, events }: Given, now: number): boolean =>
  interpret(checked, { profile, events, now, inSegment }, { mode: 'segment', timeZone }) === true;

/** Whether its next change can't be told, so that it is looked at again and again. */
export const isRechecked = ({ plan }: Planned): boolean =>
  plan.nextFlip({ profile: {}, rows: () => [], now: 0, inSegment }) === 60_000;

const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;

/** Instants after `now` at which something is likely to happen: around events and ends of days, and any. */
export function momentsAfter(
  c: Choices,
  { events, now }: Given,
  timeZone: string | undefined,
  until: number,
): number[] {
  const zone = zoneOf(timeZone) ?? utc;
  const anchors = [...events.map(({ timestamp }) => timestamp), now];
  const near = Array.from({ length: 24 }, () => {
    const anchor = c.of(anchors);
    return shift(anchor, c.of([0, 1, 2, 3, 24]), c.of(UNITS), zone) + c.of([0, -1, 1]);
  });
  const midnights = Array.from(
    { length: 4 },
    () => Math.floor(now / 86_400_000 + c.below(40)) * 86_400_000 + c.of([0, -1]),
  );
  const any = Array.from({ length: 8 }, () => now + Math.floor(2 ** c.below(37) * (1 + c.below(1000) / 1000)));
  return [...near, ...midnights, ...any].filter((moment) => moment > now && moment < until && moment < 8.64e15);
}
