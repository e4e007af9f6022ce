/**
 * A profile as expressions read it: its attributes by a merge policy, `identityMap`, and `propensity`. Several policies may
 * be asked of one profile; each merges when it is first asked for, and nobody pays for one that nobody asks for.
 */
import { type BatchResults, NO_BATCH_RESULTS, propensityTree } from './batch-results.ts';
import { toIdentityMap } from './identity.ts';
import { type AttributeMerge, type MergedAttributes, mergeFragments } from './merge-policy.ts';
import type { ProfileAttributes } from './profile-attributes.ts';

/**
 * No data set can replace these: who somebody is comes from the identities that were claimed, scores come from what batch
 * jobs found, and computed attributes from their own expressions.
 */
export const OWN_NAMES: ReadonlySet<string | undefined> = new Set(['identityMap', 'propensity', 'computed']);

export interface ProfileView {
  /** Without a policy no attribute of any data set is there: for expressions that read none. */
  by(merge: AttributeMerge | undefined): MergedAttributes;
}

export function profileView(profile: ProfileAttributes, batch: BatchResults = NO_BATCH_RESULTS): ProfileView {
  const known = new Map<AttributeMerge | undefined, MergedAttributes>();
  const made = (merge: AttributeMerge | undefined): MergedAttributes => {
    const merged = merge === undefined ? Object.create(null) : mergeFragments(profile.fragments, merge);
    const own = { identityMap: toIdentityMap(profile.identities), propensity: propensityTree(batch), computed: null };
    return Object.assign(merged, own);
  };
  const by = (merge: AttributeMerge | undefined): MergedAttributes => {
    const view = known.get(merge) ?? made(merge);
    known.set(merge, view);
    return view;
  };
  return { by };
}

/** Attributes that are merged already, by whatever policy. */
export const mergedView = (attributes: MergedAttributes): ProfileView => ({ by: () => attributes });
