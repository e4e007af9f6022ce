/**
 * One profile that is two people after all, in one transaction: some of its identities become a profile of their own, with
 * everything that they brought. Both read the same partitions of history from then on, each only its own events in them.
 */
import { NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { sortEvents, unpackAll } from '#shared/profile/history.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { attributesOf, ownEvents } from '#shared/profile/identity-graph.ts';
import { withNamed } from '#shared/profile/profile-attributes.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { loadProfile } from './loaded-profile.ts';
import type { KeyedProfile, RegroupPlan, RegroupRequest } from './merge-profiles.ts';
import { profileWrite } from './profile-write.ts';
import { regroup, spillTail, standingOf } from './regrouped-profile.ts';

export interface Split {
  readonly profile: KeyedProfile;
  /** Some of its identities, not all. */
  readonly leaving: readonly Identity[];
  readonly newProfileId: string;
  /** Links between the two are not followed from now on. */
  readonly keepApart: boolean;
  /** Both remember the other's identities, to be joined again when identities named together are one person again. */
  readonly staysNamed?: boolean;
}

export async function planSplit(split: Split, request: RegroupRequest): Promise<RegroupPlan> {
  const { profile, leaving, newProfileId } = split;
  const { key, loaded } = profile;
  const { rules, retentionMs, history } = request;
  const surroundings = { rules, retentionMs, now: Math.max(request.now, loaded.state.evaluatedAt) };
  const committed = await readHistoryEvents(history, key, loaded.attributes);
  const standing = await standingOf(loaded, committed, surroundings);
  const all = sortEvents([...committed, ...unpackAll(loaded.state.tail)]);
  const [staying, parting] = partsOf(split, all);
  const left = { ...key, profileId: newProfileId };
  const nobody = { memberships: new Map(), changes: [] };
  const before = loadProfile(undefined);
  // What jobs found can't be told apart: it stays, and is found again by the next job.
  const batch = loaded.batch ?? NO_BATCH_RESULTS;
  const kept = regroup({ before: loaded, standing, tail: [], batch, ...staying }, surroundings);
  const parted = regroup({ before, standing: nobody, tail: [], batch: NO_BATCH_RESULTS, ...parting }, surroundings);
  return {
    spilled: spillTail(key, loaded),
    joint: {
      writes: [profileWrite(key, loaded, kept, request), profileWrite(left, { version: 0 }, parted, request)],
      moves: [{ sandboxName: key.sandboxName, identities: leaving, profileId: newProfileId }],
    },
  };
}

/** Events and attributes of those who stay, and of those who leave: each item is its primary identity's. */
function partsOf({ profile, leaving, newProfileId, keepApart, staysNamed }: Split, all: readonly StoredEvent[]) {
  const { key, loaded } = profile;
  const { identities, partitions = [], apart = [], named = [] } = loaded.attributes;
  const gone = new Set(leaving.map(identityKey));
  const part = (ids: readonly Identity[], isLeft: boolean, otherId: string, partitionIds: readonly string[]) => {
    const links = { partitions: partitionIds, sharesPartitions: true, apart: keepApart ? [...apart, otherId] : apart };
    const events = ownEvents(all, { ...loaded.attributes, ...links, identities: ids });
    const own = { ...attributesOf(loaded.attributes, ids, events, !isLeft), ...links };
    return { events, attributes: staysNamed ? withNamed(own, [...identities, ...named]) : own };
  };
  return [
    part(
      identities.filter((each) => !gone.has(identityKey(each))),
      false,
      newProfileId,
      partitions,
    ),
    part(
      identities.filter((each) => gone.has(identityKey(each))),
      true,
      profileIdOf(key),
      [...partitions, profileIdOf(key)],
    ),
  ] as const;
}

const profileIdOf = ({ profileId }: ProfileKey) => profileId;
