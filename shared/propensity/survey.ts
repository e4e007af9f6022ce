/** A first look at the people of a sandbox: how many there are, which events they have, and how far back those go. */
import type { ProfileSegments } from '#shared/profile/profile-segments.ts';
import { estimateProfiles } from '#shared/profile/table-size.ts';
import type { KnownPerson } from './compiled-specification.ts';
import type { KnownEventType } from './specification-of.ts';

/** Of all segments so many are read: few where a table is large, the whole of a small one. */
export interface TableCut {
  readonly totalSegments: number;
  /** About how many profiles the table holds, of any sandbox. */
  readonly profiles: number;
}

const TOTAL_SEGMENTS_MAX = 1_000_000;
/** Cuts the table into segments of about `profilesPerSegment`. */
export async function cutTable(
  sandboxName: string,
  profilesPerSegment: number,
  segments: ProfileSegments,
): Promise<TableCut> {
  const probing = { sandboxName, totalSegmentsMax: TOTAL_SEGMENTS_MAX, choose: spread };
  const profiles = Math.round(await estimateProfiles(probing, segments));
  const wanted = Math.ceil(profiles / profilesPerSegment);
  return { profiles, totalSegments: Math.min(TOTAL_SEGMENTS_MAX, Math.max(1, wanted)) };
}

/** Evenly over all segments: profile ids are made by chance, so any choice is as good. */
export const spread = (count: number, total: number): readonly number[] =>
  Array.from({ length: Math.min(count, total) }, (_, index) => Math.floor((index * total) / Math.min(count, total)));

export interface Survey {
  readonly people: number;
  readonly eventTypes: readonly KnownEventType[];
  /** Epoch milliseconds. */
  readonly oldestEvent?: number;
}

export function surveyOf(people: readonly KnownPerson[]): Survey {
  const counts = new Map<string, number>();
  let oldest = Number.POSITIVE_INFINITY;
  for (const { timestamp, eventType } of people.flatMap(({ events }) => events)) {
    oldest = Math.min(oldest, timestamp);
    if (eventType !== undefined) counts.set(eventType, (counts.get(eventType) ?? 0) + 1);
  }
  const eventTypes = [...counts].map(([eventType, count]) => ({ eventType, count }));
  return { people: people.length, eventTypes, ...(Number.isFinite(oldest) ? { oldestEvent: oldest } : {}) };
}
