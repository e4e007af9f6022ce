/** Stored profiles as people, with the events of their history where a question may read one. */
import { eachOf } from '#shared/kernel/concurrency.ts';
import { type Instant, needsChunks, type Person, personAt } from '#shared/preview/person.ts';
import type { Questions } from '#shared/preview/tally.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import type { SegmentProfile } from '#shared/profile/profile-segments.ts';
import { type LoadedProfile, loadReadable } from '#shared/segment/loaded-profile.ts';
import type { PreviewPorts } from './ports.ts';

const HISTORIES_AT_ONCE = 32;

/** Whose state can't be read counts as nobody. */
export async function loadPeople(
  profiles: readonly SegmentProfile[],
  { asked, comparedWith }: Questions,
  instant: Instant,
  { history }: Pick<PreviewPorts, 'history'>,
): Promise<readonly Person[]> {
  const questions = comparedWith === undefined ? [asked] : [asked, comparedWith];
  const loaded = profiles.flatMap((profile) => {
    const read = loadReadable(profile.stored, true);
    return read === undefined ? [] : [{ key: profile.key, read }];
  });
  const chunks = new Map<LoadedProfile, readonly StoredEvent[]>();
  const reading = loaded.filter(({ read }) => needsChunks(read, questions, instant));
  await eachOf(reading, HISTORIES_AT_ONCE, async ({ key, read }) => {
    chunks.set(read, await readHistoryEvents(history, key, read.attributes));
  });
  return loaded.map(({ key, read }) => personAt(key.profileId, read, chunks.get(read) ?? [], instant));
}
