/**
 * What happens to a batch of the event stream: the whole behaviour, none of the plumbing.
 * A bad record is set aside with its reason; a profile that can't be finished fails its own records, and they come again.
 */

import { deaggregate } from '#shared/aws/deaggregate.ts';
import type { RejectedRecord } from '#shared/profile/profile-store.ts';
import { readStreamRecord, type StreamItem } from '#shared/profile/stream-record.ts';
import type { Ports, Settings, StreamRecord } from './ports.ts';
import { updateProfiles } from './update-profiles.ts';
import type { Outcome, WorkItem, WorkResult } from './work.ts';

export interface BatchResult {
  readonly outcomes: Readonly<Record<Outcome | 'quarantined', number>>;
  readonly changes: number;
  readonly conflicts: number;
  /** Profiles that became part of another. */
  readonly merges: number;
  /** Links between profiles that were not followed. */
  readonly refusedLinks: number;
  /** How late each membership that time ended was found to have ended, in milliseconds. */
  readonly exitLatenessMs: readonly number[];
  /** Records that were not finished, with why. */
  readonly failures: readonly { readonly sequenceNumber: string; readonly error: unknown }[];
}

interface Delivered {
  readonly record: StreamRecord;
  readonly index: number;
  readonly item: StreamItem;
}

export async function processEvents(
  records: readonly StreamRecord[],
  ports: Ports,
  settings: Settings,
): Promise<BatchResult> {
  const delivered = records.flatMap((record): Delivered[] =>
    deaggregate(record.data)
      .flatMap((data) => readStreamRecord(data, record.arrival))
      .map((item, index) => ({ record, index, item })),
  );
  const rejected = delivered.flatMap(rejectionOf);
  await Promise.all(rejected.map((rejection) => ports.quarantine.put(rejection)));
  const { results, merges, refusedLinks } = await updateProfiles(delivered.flatMap(workItem), ports, settings);
  return {
    outcomes: { ...countOutcomes(results), quarantined: rejected.length },
    changes: results.reduce((sum, { changes }) => sum + changes, 0),
    conflicts: results.reduce((sum, { conflicts }) => sum + conflicts, 0),
    merges,
    refusedLinks,
    exitLatenessMs: results.flatMap(({ exitLatenessMs }) => exitLatenessMs),
    failures: results.flatMap(failuresOf),
  };
}

function rejectionOf({ record, index, item }: Delivered): RejectedRecord[] {
  if (item.kind !== 'reject') return [];
  const { reason, text } = item;
  return [{ id: `${record.sequenceNumber}-${index}`, reason, text, arrival: record.arrival }];
}

function workItem({ item, index, record }: Delivered): WorkItem[] {
  if (item.kind === 'reject') return [];
  return [{ item, index, sequenceNumber: record.sequenceNumber, arrival: record.arrival }];
}

function countOutcomes(results: readonly WorkResult[]): Record<Outcome, number> {
  const counts = { applied: 0, irrelevant: 0, expired: 0, duplicate: 0, parked: 0, erased: 0 };
  for (const { outcomes } of results) for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

function failuresOf({ remaining, error }: WorkResult) {
  if (error === undefined) return [];
  const numbers = new Set(remaining.map(({ sequenceNumber }) => sequenceNumber));
  return [...numbers].map((sequenceNumber) => ({ sequenceNumber, error }));
}
