/** A profile as expressions read it: its attributes by a merge policy, and `identityMap`. */
import { type BatchResults, NO_BATCH_RESULTS, propensityTree } from './batch-results.ts';
import { toIdentityMap } from './identity.ts';
import { type AttributeMerge, type MergedAttributes, mergeFragments } from './merge-policy.ts';
import type { ProfileAttributes } from './profile-attributes.ts';

/**
 * No data set can replace `identityMap`, which comes from the identities that were claimed, nor `propensity`, which comes
 * from what batch jobs scored.
 */
export function attributesView(
  { fragments, identities }: ProfileAttributes,
  method: AttributeMerge,
  batch?: BatchResults,
): MergedAttributes {
  return Object.assign(Object.create(null), mergeFragments(fragments, method), {
    identityMap: toIdentityMap(identities),
    propensity: propensityTree(batch ?? NO_BATCH_RESULTS),
  });
}
