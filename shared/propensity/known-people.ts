/** Stored profiles as people whom a model can look at: attributes as they are now, and every event that still exists. */
import { eachOf } from '#shared/kernel/concurrency.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import type { ProfileSegments, SegmentProfile } from '#shared/profile/profile-segments.ts';
import type { HistoryStore, ProfileKey, StoredProfile } from '#shared/profile/profile-store.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { loadReadable } from '#shared/segment/loaded-profile.ts';
import type { KnownPerson } from './compiled-specification.ts';

export interface FoundPerson {
  readonly key: ProfileKey;
  readonly person: KnownPerson;
  readonly stored: StoredProfile;
}

export interface PeoplePorts {
  readonly segments: ProfileSegments;
  readonly history: Pick<HistoryStore, 'read'>;
}

export interface PeopleInstant {
  /** Whose merge policies decide. */
  readonly rules: CompiledRules;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly retentionMs: number;
}

const HISTORIES_AT_ONCE = 32;

/** Those of `isWanted` in a segment; a profile that can't be read is parked until an operator looks, and left out. */
export async function readPeople(
  sandboxName: string,
  segment: { readonly number: number; readonly of: number },
  ports: PeoplePorts,
  instant: PeopleInstant,
  isWanted: (profileId: string) => boolean = () => true,
): Promise<{ readonly people: readonly FoundPerson[]; readonly scanned: number }> {
  const { profiles, scanned } = await ports.segments.read(sandboxName, segment.number, segment.of);
  const found = new Map<SegmentProfile, FoundPerson>();
  const wanted = profiles.filter(({ key }) => isWanted(key.profileId));
  await eachOf(wanted, HISTORIES_AT_ONCE, async (profile) => {
    const person = await readPerson(profile, ports, instant);
    if (person !== undefined) found.set(profile, { ...profile, person });
  });
  return { people: wanted.flatMap((profile) => found.get(profile) ?? []), scanned };
}

export async function readPerson(
  { key, stored }: SegmentProfile,
  { history }: Pick<PeoplePorts, 'history'>,
  { rules, now, retentionMs }: PeopleInstant,
): Promise<KnownPerson | undefined> {
  const loaded = loadReadable(stored);
  if (loaded === undefined) return undefined;
  const events = await readAllEvents(history, key, loaded);
  return {
    attributes: profileView(loaded.attributes, loaded.batch).by(rules.mergeBy(undefined)),
    events: events.filter(({ timestamp }) => timestamp > now - retentionMs),
  };
}
