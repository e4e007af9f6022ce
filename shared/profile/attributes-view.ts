/** A profile as expressions read it: its attributes by a merge policy, and `identityMap`. */
import { toIdentityMap } from './identity.ts';
import { type AttributeMerge, type MergedAttributes, mergeFragments } from './merge-policy.ts';
import type { ProfileAttributes } from './profile-attributes.ts';

/** No data set can replace `identityMap`: who somebody is comes from the identities that were claimed. */
export function attributesView({ fragments, identities }: ProfileAttributes, method: AttributeMerge): MergedAttributes {
  return Object.assign(Object.create(null), mergeFragments(fragments, method), {
    identityMap: toIdentityMap(identities),
  });
}
