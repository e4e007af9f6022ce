/**
 * Whether items still belong where they were placed, once the profile's state was read: an identity that the state lists
 * leads there as long as that version stands, for whoever moves one writes the profile with it. Of any other its row is
 * read again, after the state.
 */
import { followAliases } from '#shared/profile/follow-aliases.ts';
import { hash32 } from '#shared/profile/hash.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { decodeState } from '#shared/profile/profile-state.ts';
import {
  type ProfileKey,
  type ProfileWrite,
  profileKeyText,
  type StoredProfile,
} from '#shared/profile/profile-store.ts';
import type { LoadedProfile } from '#shared/segment/loaded-profile.ts';
import type { Ports } from './ports.ts';
import type { PlacedItem } from './work.ts';

export interface CheckedPlaces {
  /** In order, as many of those that belong to the profile as it has room for. */
  readonly stay: readonly PlacedItem[];
  readonly misplaced: readonly PlacedItem[];
}

export interface PlacesToCheck {
  readonly items: readonly PlacedItem[];
  readonly key: ProfileKey;
  readonly stored: StoredProfile | undefined;
  readonly loaded: LoadedProfile;
  readonly identitiesMax: number;
  readonly dueShards: number;
}

export async function checkPlaces(places: PlacesToCheck, ports: Ports): Promise<CheckedPlaces> {
  const { items, key, loaded, identitiesMax } = places;
  const listed = new Set(loaded.attributes.identities.map(identityKey));
  const strangersOf = ({ identities }: PlacedItem) => identities.filter((each) => !listed.has(identityKey(each)));
  const strangers = items.flatMap(strangersOf);
  if (strangers.length === 0) return { stay: items, misplaced: [] };
  // A profile without a state was never merged nor taken apart: whatever leads to it was claimed for it.
  const leadsHere = loaded.version === 0 ? () => true : await whoLeadsTo(key, strangers, ports);
  const misplaced = items.filter((item) => !strangersOf(item).every(leadsHere));
  const staying = items.filter((item) => !misplaced.includes(item));
  const fitting = whatFits(staying, listed, identitiesMax);
  if (fitting.length > 0 || staying.length === 0) return { stay: fitting, misplaced };
  const first = staying[0] as PlacedItem;
  await turnAway(strangersOf(first), places, ports);
  return { stay: [], misplaced: [...misplaced, first] };
}

async function whoLeadsTo(
  key: ProfileKey,
  identities: readonly Identity[],
  { identities: store, profiles }: Ports,
): Promise<(identity: Identity) => boolean> {
  const rows = await store.find(key.sandboxName, identities);
  const elsewhere = [...new Set(rows.values())].filter((profileId) => profileId !== key.profileId);
  const others = elsewhere.map((profileId) => ({ ...key, profileId }));
  const followed = others.length === 0 ? new Map() : await followAliases(others, profiles);
  return (identity) => {
    const profileId = rows.get(identityKey(identity));
    if (profileId === undefined || profileId === key.profileId) return profileId !== undefined;
    return followed.get(profileKeyText({ ...key, profileId }))?.key.profileId === key.profileId;
  };
}

function whatFits(
  items: readonly PlacedItem[],
  listed: ReadonlySet<string>,
  identitiesMax: number,
): readonly PlacedItem[] {
  const all = new Set(listed);
  const end = items.findIndex(({ identities }) => {
    for (const identity of identities) all.add(identityKey(identity));
    return all.size > identitiesMax && identities.some((each) => !listed.has(identityKey(each)));
  });
  return end < 0 ? items : items.slice(0, end);
}

/**
 * The profile is full: what was claimed for it since becomes somebody's own, and the item is placed anew. The profile is
 * written, unchanged, so that whoever found the identity to lead here must look again.
 */
async function turnAway(
  identities: readonly Identity[],
  { key, stored, dueShards }: PlacesToCheck,
  { joint, newProfileId }: Ports,
): Promise<void> {
  const moves = [{ sandboxName: key.sandboxName, identities, profileId: newProfileId() }];
  await joint.commit({ writes: [sameAgain(key, stored as StoredProfile, dueShards)], moves });
}

function sameAgain(key: ProfileKey, stored: StoredProfile, dueShards: number): ProfileWrite {
  const { version, state, dueAt, attributes } = stored;
  return {
    key,
    expectedVersion: version,
    rulesVersion: decodeState(state).rulesVersion,
    state,
    due: dueAt === undefined ? undefined : { shard: hash32(key.profileId) % dueShards, at: dueAt },
    attributes,
  };
}
