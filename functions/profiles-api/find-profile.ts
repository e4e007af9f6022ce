/** From one of a person's identities to what is stored of the person. */
import { Problem } from '#shared/api/problem.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { sortEvents, unpackAll } from '#shared/profile/history.ts';
import { identityKey } from '#shared/profile/identity.ts';
import type { ProfileState } from '#shared/profile/profile-state.ts';
import { type HistoryStore, type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import type { ProfilePorts } from './ports.ts';

const notFound = () => new Problem('not-found', 'No profile has this identity in this sandbox.');

export async function findProfile(
  sandboxName: string,
  { entityId, entityIdNS }: { readonly entityId: string; readonly entityIdNS: string },
  { identities }: Pick<ProfilePorts, 'identities'>,
): Promise<ProfileKey> {
  const identity = { namespace: entityIdNS, id: entityId, primary: true };
  const profileId = (await identities.find(sandboxName, [identity])).get(identityKey(identity));
  if (profileId === undefined) throw notFound();
  return { sandboxName, profileId };
}

export async function readProfile(
  key: ProfileKey,
  { rules, profiles }: Pick<ProfilePorts, 'rules' | 'profiles'>,
): Promise<{ readonly loaded: LoadedProfile; readonly rules: CompiledRules }> {
  const stored = (await profiles.read([key], { withBatch: () => true })).get(profileKeyText(key));
  if (stored === undefined) throw notFound();
  if (stored.parked) throw new Problem('unavailable', 'The profile is parked: an operator has to redrive it first.');
  // State before rules: whoever wrote the state had read rules that are no newer than those read now.
  return { loaded: loadProfile(stored, true), rules: await rules.current(key.sandboxName) };
}

/** All that is kept, by time; each once. */
export async function readEvents(
  key: ProfileKey,
  { tail }: Pick<ProfileState, 'tail'>,
  history: HistoryStore,
): Promise<readonly StoredEvent[]> {
  const chunks = await history.read(key);
  return sortEvents([...chunks.flatMap(({ events }) => unpackAll(events)), ...unpackAll(tail)]);
}
