/** What is written of a profile that was brought up to date. */
import { hash32 } from '#shared/profile/hash.ts';
import { encodeAttributes } from '#shared/profile/profile-attributes.ts';
import { EMPTY_STATE, encodeState } from '#shared/profile/profile-state.ts';
import type { ProfileKey, ProfileWrite } from '#shared/profile/profile-store.ts';
import { encodeChanges } from './change-codec.ts';
import type { OptOuts } from './consent-shift.ts';
import type { MembershipChange } from './evaluation.ts';
import type { LoadedProfile } from './loaded-profile.ts';
import type { NextProfile } from './profile-update.ts';

export function profileWrite(
  key: ProfileKey,
  { version, batchVersion }: Pick<LoadedProfile, 'version' | 'batchVersion'>,
  next: NextProfile,
  { dueShards }: { readonly dueShards: number },
): ProfileWrite {
  const { encoded, state, dueAt, encodedChanges, attributes, attributesChanged } = next;
  return {
    key,
    expectedVersion: version,
    rulesVersion: state.rulesVersion,
    state: encoded,
    due: dueAt === undefined ? undefined : { shard: hash32(key.profileId) % dueShards, at: dueAt },
    changes: encodedChanges,
    attributes: attributesChanged ? encodeAttributes(attributes) : undefined,
    // A profile without any says nothing, so that nobody pays for what nobody uses.
    batchVersion: batchVersion || undefined,
  };
}

export interface AliasSource {
  readonly key: ProfileKey;
  readonly expectedVersion: number;
  readonly leadsTo: string;
  readonly rulesVersion: number;
  /** When it was last looked at as a person of its own. */
  readonly at: number;
  readonly changes: readonly MembershipChange[];
  readonly optOuts: OptOuts;
}

/** Nothing of the person stays under an id that lost, but the way to the one that won, and the exits. */
export function aliasWrite({
  key,
  expectedVersion,
  leadsTo,
  rulesVersion,
  at,
  changes,
  optOuts,
}: AliasSource): ProfileWrite {
  return {
    key,
    expectedVersion,
    rulesVersion,
    state: encodeState({ ...EMPTY_STATE, rulesVersion, evaluatedAt: at }),
    changes: changes.length > 0 ? encodeChanges(changes, optOuts) : undefined,
    leadsTo,
  };
}
