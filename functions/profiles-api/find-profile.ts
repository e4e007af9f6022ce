/** From one of a person's identities to what is stored of the person. */
import { Problem } from '#shared/api/problem.ts';
import { followAlias } from '#shared/profile/follow-aliases.ts';
import { identityKey } from '#shared/profile/identity.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import { type HistoryStore, isSomebody, type ProfileKey } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import type { ProfilePorts } from './ports.ts';

const notFound = () => new Problem('not-found', 'No profile has this identity in this sandbox.');

interface Entity {
  readonly entityId: string;
  readonly entityIdNS: string;
}

export async function findProfile(
  sandboxName: string,
  entity: Entity,
  ports: Pick<ProfilePorts, 'identities'>,
): Promise<ProfileKey> {
  const key = await findProfileOrNobody(sandboxName, entity, ports);
  if (key === undefined) throw notFound();
  return key;
}

export async function findProfileOrNobody(
  sandboxName: string,
  { entityId, entityIdNS }: Entity,
  { identities }: Pick<ProfilePorts, 'identities'>,
): Promise<ProfileKey | undefined> {
  const identity = { namespace: entityIdNS, id: entityId, primary: true };
  const profileId = (await identities.find(sandboxName, [identity])).get(identityKey(identity));
  return profileId === undefined ? undefined : { sandboxName, profileId };
}

export interface FoundProfile {
  /** The profile's own: an identity may still lead to one that was merged into it. */
  readonly key: ProfileKey;
  readonly loaded: LoadedProfile;
  readonly rules: CompiledRules;
}

export async function readProfile(
  named: ProfileKey,
  ports: Pick<ProfilePorts, 'rules' | 'profiles'>,
): Promise<FoundProfile> {
  const found = await readIfSomebody(named, ports);
  if (found === undefined) throw notFound();
  return found;
}

export async function readProfileOrNobody(
  sandboxName: string,
  entity: Entity,
  ports: Pick<ProfilePorts, 'identities' | 'rules' | 'profiles'>,
): Promise<FoundProfile | undefined> {
  const key = await findProfileOrNobody(sandboxName, entity, ports);
  return key === undefined ? undefined : readIfSomebody(key, ports);
}

async function readIfSomebody(
  named: ProfileKey,
  { rules, profiles }: Pick<ProfilePorts, 'rules' | 'profiles'>,
): Promise<FoundProfile | undefined> {
  const { key, stored } = await followAlias(named, profiles, { withBatch: () => true });
  if (stored === undefined || !isSomebody(stored)) return undefined;
  if (stored.parked) throw new Problem('unavailable', 'The profile is parked: an operator has to redrive it first.');
  // State before rules: whoever wrote the state had read rules that are no newer than those read now.
  return { key, loaded: loadProfile(stored, true), rules: await rules.current(key.sandboxName) };
}

/** All that is kept, by time; each once. */
export const readEvents = ({ key, loaded }: Pick<FoundProfile, 'key' | 'loaded'>, history: HistoryStore) =>
  readAllEvents(history, key, loaded);
