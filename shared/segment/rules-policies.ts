/** The merge policies of a sandbox within its rules: which one a definition is evaluated by, and who changes with it. */

import { type AttributeMerge, DEFAULT_MERGE } from '#shared/profile/merge-policy.ts';
import { OWN_NAMES } from '#shared/profile/profile-view.ts';
import type { AttributeRoot } from './attribute-terms.ts';
import type { RulesArtifact, RulesDefinition } from './rules-artifact.ts';

type Policies = Pick<RulesArtifact, 'mergePolicies' | 'defaultMergePolicyId'>;

/** Always there: what holds where nobody made another policy the default. */
export const BUILT_IN_POLICY_ID = 'timestamp-ordered';

export const hasPolicy = ({ mergePolicies = [] }: Pick<Policies, 'mergePolicies'>, id: string): boolean =>
  id === BUILT_IN_POLICY_ID || mergePolicies.some((policy) => policy.id === id);

/** The policy of that id, or the sandbox's default without one; whatever the latest wins where there is none. */
export function mergeBy(
  { mergePolicies = [], defaultMergePolicyId }: Policies,
  id: string | undefined,
): AttributeMerge {
  const wanted = id ?? defaultMergePolicyId;
  return mergePolicies.find((policy) => policy.id === wanted)?.attributeMerge ?? DEFAULT_MERGE;
}

export const isSameMerge = (left: AttributeMerge, right: AttributeMerge): boolean =>
  mergeText(left) === mergeText(right);

/** Equal for policies that merge alike. */
export const mergeText = (merge: AttributeMerge): string =>
  JSON.stringify(merge.type === 'dataSetPrecedence' ? [merge.type, merge.order] : [merge.type]);

/** Whether any data set's attributes are read, which policies decide between. */
export const readsMerged = (roots: ReadonlySet<AttributeRoot>): boolean =>
  [...roots].some((root) => !OWN_NAMES.has(root));

/** The rules with other policies. Definitions that another merge concerns are evaluated anew. */
export function withPolicies(
  rules: RulesArtifact,
  policies: Policies,
  concerns: { readonly reads: (definition: RulesDefinition) => boolean; readonly changedAt: number },
): RulesArtifact {
  const definitions = rules.definitions.map((definition) => {
    const { mergePolicyId } = definition;
    const isSame = isSameMerge(mergeBy(rules, mergePolicyId), mergeBy(policies, mergePolicyId));
    if (isSame || !concerns.reads(definition)) return definition;
    return { ...definition, since: rules.rulesVersion, publishedAt: concerns.changedAt };
  });
  const { mergePolicies: _, defaultMergePolicyId: __, ...others } = rules;
  return { ...others, ...policies, definitions };
}
