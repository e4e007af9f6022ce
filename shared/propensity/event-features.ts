/**
 * What a person's events say about them as of an instant, as numbers: how lately, how often, how regularly, how much.
 * The same function makes training rows (as of a past cutoff) and scoring rows (as of now).
 */
import type { Feature, FeatureValue } from './training-table.ts';

/** An event as far as features look at it. */
export interface FeatureEvent {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly eventType?: string;
}

export interface Amount<Event> {
  readonly name: string;
  /** `undefined` where the event has none. */
  readonly of: (event: Event) => number | undefined;
}

/** A kind of event that is counted. */
export interface Signal<Event> {
  readonly name: string;
  readonly matches: (event: Event) => boolean;
  /** Summed over the same windows. */
  readonly amounts: readonly Amount<Event>[];
}

/** Days before the cutoff; each is counted by itself, and everything once more. */
export const WINDOWS_DAYS = [7, 30, 90, 180, 365] as const;
const ALL = 'ever';
const DAY_MS = 86_400_000;
const SPANS = [
  ...WINDOWS_DAYS.map((days) => ({ name: `${days} days`, ms: days * DAY_MS })),
  { name: ALL, ms: Number.POSITIVE_INFINITY },
];

export function eventFeatures<Event>(signals: readonly Signal<Event>[]): readonly Feature[] {
  const names = signals.flatMap(({ name, amounts }) => [
    `${name}: days since the last`,
    `${name}: days since the first`,
    `${name}: days between`,
    `${name}: lateness`,
    ...SPANS.map((span) => `${name}: count, ${span.name}`),
    ...amounts.flatMap((amount) => [
      ...SPANS.map((span) => `${name}: ${amount.name}, ${span.name}`),
      `${name}: ${amount.name}, mean`,
      `${name}: ${amount.name}, last`,
    ]),
  ]);
  return names.map((name) => ({ name, kind: 'number' }));
}

/** As many values as `eventFeatures` has features. `events` are in the order of time; those at or after the cutoff do not count. */
export function eventFeatureValues<Event extends FeatureEvent>(
  events: readonly Event[],
  signals: readonly Signal<Event>[],
  cutoff: number,
): FeatureValue[] {
  const past = events.filter(({ timestamp }) => timestamp < cutoff);
  return signals.flatMap((signal) => valuesOf(past.filter(signal.matches), signal.amounts, cutoff));
}

function valuesOf<Event extends FeatureEvent>(
  events: readonly Event[],
  amounts: readonly Amount<Event>[],
  cutoff: number,
): FeatureValue[] {
  return [
    ...rhythmOf(events, cutoff),
    ...SPANS.map(({ ms }) => events.filter(({ timestamp }) => timestamp >= cutoff - ms).length),
    ...amounts.flatMap(({ of }) => amountsOf(events, of, cutoff)),
  ];
}

/** Days since last and first, mean days between, and how many times its usual gap the present one is. */
function rhythmOf(events: readonly FeatureEvent[], cutoff: number): FeatureValue[] {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) return [null, null, null, null];
  const since = (cutoff - last.timestamp) / DAY_MS;
  const between = events.length < 2 ? null : (last.timestamp - first.timestamp) / DAY_MS / (events.length - 1);
  return [since, (cutoff - first.timestamp) / DAY_MS, between, between === null ? null : since / (between + 1)];
}

function amountsOf<Event extends FeatureEvent>(
  events: readonly Event[],
  of: Amount<Event>['of'],
  cutoff: number,
): FeatureValue[] {
  const known = events.flatMap((event) => {
    const amount = of(event);
    return amount === undefined ? [] : [{ amount, timestamp: event.timestamp }];
  });
  const sums = SPANS.map(({ ms }) =>
    known.filter(({ timestamp }) => timestamp >= cutoff - ms).reduce((sum, { amount }) => sum + amount, 0),
  );
  return [...sums, known.length === 0 ? null : (sums.at(-1) as number) / known.length, known.at(-1)?.amount ?? null];
}
