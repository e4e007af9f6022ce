/**
 * Takes some identities out of a profile, as people of their own. It writes the live profile, on condition of its version,
 * in the one transaction that also makes the other: see docs/decisions/0014-an-unmerge-is-written-by-the-operators-function.md.
 */
import { Problem } from '#shared/api/problem.ts';
import { followAlias } from '#shared/profile/follow-aliases.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import {
  type HistoryStore,
  isSomebody,
  type JointStore,
  type ProfileKey,
  type ProfileStore,
} from '#shared/profile/profile-store.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import { planSplit } from '#shared/segment/split-profile.ts';

export interface UnmergePorts {
  readonly profiles: ProfileStore;
  readonly history: HistoryStore;
  readonly joint: JointStore;
  readonly rules: RulesStore;
  readonly newProfileId: () => string;
  readonly now: () => number;
  readonly retentionMs: number;
  readonly dueShards: number;
}

export interface UnmergeOptions {
  readonly identities: readonly Pick<Identity, 'namespace' | 'id'>[];
  readonly keepApart: boolean;
}

export interface Unmerged {
  readonly profileId: string;
  readonly newProfileId: string;
}

const ATTEMPTS_MAX = 5;

export async function unmergeProfile(
  named: ProfileKey,
  options: UnmergeOptions,
  ports: UnmergePorts,
): Promise<Unmerged> {
  const newProfileId = ports.newProfileId();
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    // Rules before state: state that was written with newer ones shows it.
    const rules = await ports.rules.current(named.sandboxName);
    const { key, loaded } = await readProfile(named, ports);
    if (loaded.state.rulesVersion > rules.version) continue;
    const leaving = leavingOf(loaded, options);
    const split = { profile: { key, loaded }, leaving, newProfileId, keepApart: options.keepApart };
    const { spilled, joint } = await planSplit(split, { ...ports, rules, now: ports.now() });
    for (const { key: partition, chunk } of spilled) await ports.history.append(partition, chunk);
    const outcome = await ports.joint.commit(joint);
    if (outcome === 'written') return { profileId: key.profileId, newProfileId };
    if (outcome === 'refused') throw new Problem('conflict', 'The store refuses the profile: it is too large.');
  }
  throw new Problem('unavailable', 'The profile is being written by others. Call again.');
}

async function readProfile(
  named: ProfileKey,
  { profiles }: UnmergePorts,
): Promise<{ readonly key: ProfileKey; readonly loaded: LoadedProfile }> {
  const { key, stored } = await followAlias(named, profiles, { withBatch: () => true });
  if (stored === undefined || !isSomebody(stored))
    throw new Problem('not-found', 'No profile of this sandbox has this id.');
  if (stored.parked) throw new Problem('conflict', 'The profile is parked: redrive it first.');
  return { key, loaded: loadProfile(stored, true) };
}

function leavingOf({ attributes }: LoadedProfile, { identities }: UnmergeOptions): readonly Identity[] {
  const wanted = new Set(identities.map(identityKey));
  const leaving = attributes.identities.filter((identity) => wanted.has(identityKey(identity)));
  if (leaving.length < wanted.size) {
    const missing = wanted.size - leaving.length;
    throw new Problem('conflict', `${missing} of the identities are not of this profile. Nothing was done.`);
  }
  if (leaving.length === attributes.identities.length) {
    throw new Problem(
      'conflict',
      'These are all identities of the profile: at least one has to stay. Nothing was done.',
    );
  }
  return leaving;
}
