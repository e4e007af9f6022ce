/**
 * What happens to a batch of the event stream: the whole behaviour, none of the plumbing.
 * A bad record is set aside with its reason; a profile that can't be finished fails its own records, and they come again.
 */

import { deaggregate } from '#shared/aws/deaggregate.ts';
import { profileKeyText, type RejectedRecord } from '#shared/profile/profile-store.ts';
import { readStreamRecord, type StreamItem } from '#shared/profile/stream-record.ts';
import type { ProfileItem } from '#shared/segment/profile-update.ts';
import type { Ports, Settings, StreamRecord } from './ports.ts';
import { resolveProfiles } from './resolve-profiles.ts';
import { updateProfiles } from './update-profiles.ts';
import type { Outcome, ProfileWork, WorkItem, WorkResult } from './work.ts';

export interface BatchResult {
  readonly outcomes: Readonly<Record<Outcome | 'quarantined', number>>;
  readonly changes: number;
  readonly conflicts: number;
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
  const results = await updateProfiles(await groupByProfile(delivered, ports), ports, settings);
  return {
    outcomes: { ...countOutcomes(results), quarantined: rejected.length },
    changes: results.reduce((sum, { changes }) => sum + changes, 0),
    conflicts: results.reduce((sum, { conflicts }) => sum + conflicts, 0),
    exitLatenessMs: results.flatMap(({ exitLatenessMs }) => exitLatenessMs),
    failures: results.flatMap(failuresOf),
  };
}

function rejectionOf({ record, index, item }: Delivered): RejectedRecord[] {
  if (item.kind !== 'reject') return [];
  const { reason, text } = item;
  return [{ id: `${record.sequenceNumber}-${index}`, reason, text, arrival: record.arrival }];
}

async function groupByProfile(delivered: readonly Delivered[], ports: Ports): Promise<readonly ProfileWork[]> {
  const known = delivered.flatMap(({ item, ...place }) => (item.kind === 'reject' ? [] : [{ item, ...place }]));
  const profileIds = await findProfiles(
    known.map(({ item }) => item),
    ports,
  );
  const works = new Map<string, { key: ProfileWork['key']; items: WorkItem[] }>();
  for (const { item, index, record } of known) {
    const profileId = item.kind === 'wake-up' ? item.profileId : (profileIds.get(item) as string);
    const key = { sandboxName: item.sandboxName, profileId };
    const work = works.get(profileKeyText(key)) ?? { key, items: [] };
    work.items.push({ item, index, sequenceNumber: record.sequenceNumber, arrival: record.arrival });
    works.set(profileKeyText(key), work);
  }
  return [...works.values()];
}

async function findProfiles(items: readonly ProfileItem[], ports: Ports): Promise<ReadonlyMap<ProfileItem, string>> {
  const profileIds = new Map<ProfileItem, string>();
  const identified = items.filter((item) => item.kind !== 'wake-up');
  for (const sandboxName of new Set(identified.map((item) => item.sandboxName))) {
    const ofSandbox = identified.filter((item) => item.sandboxName === sandboxName);
    for (const [item, id] of await resolveProfiles(sandboxName, ofSandbox, ports)) profileIds.set(item, id);
  }
  return profileIds;
}

function countOutcomes(results: readonly WorkResult[]): Record<Outcome, number> {
  const counts = { applied: 0, irrelevant: 0, expired: 0, duplicate: 0, parked: 0 };
  for (const { outcomes } of results) for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

function failuresOf({ work, error }: WorkResult) {
  if (error === undefined) return [];
  const numbers = new Set(work.items.map(({ sequenceNumber }) => sequenceNumber));
  return [...numbers].map((sequenceNumber) => ({ sequenceNumber, error }));
}
