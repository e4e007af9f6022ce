/** What a profile says, in the order and the pieces in which a reader sees it. */
import type { ProfileView } from '#shared/api/entities.ts';

export type StoredEvent = ProfileView['events'][number];

export interface EventEntry {
  readonly kind: 'event';
  readonly time: number;
  readonly type: string;
  readonly event: StoredEvent;
}
export interface ChangeEntry {
  readonly kind: 'change';
  readonly time: number;
  readonly segmentId: string;
  readonly segment: string;
  readonly status: 'realized' | 'exited';
}
export type Entry = EventEntry | ChangeEntry;

export interface Window {
  readonly type?: string | undefined;
  readonly from: number;
  readonly to: number;
}

export const typeOf = ({ eventType }: StoredEvent): string => (typeof eventType === 'string' ? eventType : '');

/**
 * The newest first; a change stands over the event that caused it, for it came later. Changes are cut where the events
 * that are loaded end: what is older comes with them.
 */
export function timelineOf(
  { events, segmentMembership }: Pick<ProfileView, 'events' | 'segmentMembership'>,
  window: Window,
) {
  const { type, from, to } = window;
  const shown = events.map(
    (event): Entry => ({ kind: 'event', time: Date.parse(event.timestamp), type: typeOf(event), event }),
  );
  const changes = Object.entries(segmentMembership.ups).map(
    ([segmentId, { status, lastQualificationTime, name }]): Entry => ({
      kind: 'change',
      time: Date.parse(lastQualificationTime),
      segmentId,
      segment: name,
      status,
    }),
  );
  return [...changes, ...shown]
    .filter(({ time }) => time >= from && time <= to)
    .filter((entry) => type === undefined || (entry.kind === 'event' && entry.type === type))
    .toSorted((left, right) => right.time - left.time);
}

export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** Each value at the end of its path; lists are values. */
export function leavesOf(attributes: Readonly<Record<string, unknown>>, above = ''): readonly Leaf[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const path = above === '' ? name : `${above}.${name}`;
    return isObject(value) ? leavesOf(value, path) : [{ path, value }];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export interface Said {
  readonly dataset: string;
  readonly value: unknown;
  readonly time: number;
}

type Sources = ProfileView['sources'];

/** By path: what each data set says of it, the newest first. */
export function saidOf(sources: Sources): ReadonlyMap<string, readonly Said[]> {
  const all = sources.flatMap(({ datasetId, values }) =>
    values.map(({ path, value, time }) => ({ path, dataset: datasetId, value, time: Date.parse(time) })),
  );
  const said = Map.groupBy(all, ({ path }) => path);
  return new Map([...said].map(([path, each]) => [path, each.toSorted((left, right) => right.time - left.time)]));
}

/** Whose value is shown: the newest of those that say it. */
export function wonBy(said: readonly Said[], value: unknown): Said | undefined {
  const shown = JSON.stringify(value);
  return said.find((one) => JSON.stringify(one.value) === shown);
}

/** A value in a line of its own: of things in a list their names, where they have some. */
export function shortText(value: unknown): string {
  if (Array.isArray(value)) return value.map(shortText).join(', ');
  if (isObject(value)) return shortText(value.name ?? value.SKU ?? JSON.stringify(value));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What somebody is called, where attributes say so. */
export function callNameOf({ person }: Readonly<Record<string, unknown>>): string | undefined {
  const name = isObject(person) ? person.name : undefined;
  if (!isObject(name)) return undefined;
  const { fullName, firstName, lastName } = name;
  if (typeof fullName === 'string' && fullName !== '') return fullName;
  const parts = [firstName, lastName].filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}

export interface Score {
  readonly score: number;
  readonly probability: number;
  readonly percentile: number;
  readonly bucket: 'low' | 'medium' | 'high';
  readonly scoredAt: number | string;
  readonly factors: readonly Factor[];
}
export interface Factor {
  readonly name: string;
  readonly direction: string;
  readonly importance: string;
  readonly value: unknown;
}

/** The API's schema leaves open what a score holds: what is no score is left out. */
export const scoresOf = (propensity: Readonly<Record<string, unknown>>): readonly (readonly [string, Score])[] =>
  Object.entries(propensity).filter(
    (entry): entry is [string, Score] =>
      isObject(entry[1]) && typeof entry[1].score === 'number' && Array.isArray(entry[1].factors),
  );
