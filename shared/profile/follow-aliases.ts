/** From any id that a profile ever had to the profile: an identity, a timer or a change may still bear an earlier one. */
import {
  type ProfileKey,
  type ProfileStore,
  profileKeyText,
  type ReadOptions,
  type StoredProfile,
} from './profile-store.ts';

export interface Followed {
  /** Of the profile itself. */
  readonly key: ProfileKey;
  /** Undefined where there is none yet, for instance because its first event is still under way. */
  readonly stored: StoredProfile | undefined;
}

/** Longer than merges can chain: each alias leads to an id that comes before its own. */
const STEPS_MAX = 1000;

/** By `profileKeyText` of the key that was asked for. */
export async function followAliases(
  keys: readonly ProfileKey[],
  profiles: Pick<ProfileStore, 'read'>,
  options?: ReadOptions,
): Promise<ReadonlyMap<string, Followed>> {
  const found = new Map<string, Followed>(keys.map((key) => [profileKeyText(key), { key, stored: undefined }]));
  let open = [...found.keys()];
  for (let step = 0; open.length > 0; step++) {
    if (step > STEPS_MAX) throw new Error(`aliases lead on after ${STEPS_MAX} steps`);
    const wanted = new Map(open.map((text) => [profileKeyText(keyAt(found, text)), keyAt(found, text)]));
    const read = await profiles.read([...wanted.values()], options);
    for (const text of open) found.set(text, next(keyAt(found, text), read));
    open = open.filter((text) => found.get(text)?.stored?.leadsTo !== undefined).map((text) => advance(found, text));
  }
  return found;
}

const keyAt = (found: ReadonlyMap<string, Followed>, text: string) => (found.get(text) as Followed).key;

const next = (key: ProfileKey, read: ReadonlyMap<string, StoredProfile>): Followed => ({
  key,
  stored: read.get(profileKeyText(key)),
});

function advance(found: Map<string, Followed>, text: string): string {
  const { key, stored } = found.get(text) as Followed;
  found.set(text, { key: { ...key, profileId: stored?.leadsTo as string }, stored: undefined });
  return text;
}

export async function followAlias(
  key: ProfileKey,
  profiles: Pick<ProfileStore, 'read'>,
  options?: ReadOptions,
): Promise<Followed> {
  return (await followAliases([key], profiles, options)).get(profileKeyText(key)) as Followed;
}
