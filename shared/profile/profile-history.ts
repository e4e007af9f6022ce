/** A profile's events in history, under all the ids that they are kept under. */
import type { StoredEvent } from './experience-event.ts';
import { sortEvents, unpackAll } from './history.ts';
import { ownEvents } from './identity-graph.ts';
import type { ProfileAttributes } from './profile-attributes.ts';
import type { ProfileState } from './profile-state.ts';
import type { HistoryStore, ProfileKey } from './profile-store.ts';

/** In no order, and some of them twice; those of chunks that may hold the instant, or all. */
export async function readHistoryEvents(
  history: Pick<HistoryStore, 'read'>,
  key: ProfileKey,
  attributes: ProfileAttributes,
  containing?: number,
): Promise<readonly StoredEvent[]> {
  const ids = [key.profileId, ...(attributes.partitions ?? [])];
  const chunks = await Promise.all(ids.map((profileId) => history.read({ ...key, profileId }, containing)));
  return ownEvents(
    chunks.flat().flatMap(({ events }) => unpackAll(events)),
    attributes,
  );
}

/** Everything that is kept, in the order of time, each event once. */
export async function readAllEvents(
  history: Pick<HistoryStore, 'read'>,
  key: ProfileKey,
  profile: { readonly state: Pick<ProfileState, 'tail'>; readonly attributes: ProfileAttributes },
): Promise<readonly StoredEvent[]> {
  const committed = await readHistoryEvents(history, key, profile.attributes);
  return sortEvents([...committed, ...unpackAll(profile.state.tail)]);
}
