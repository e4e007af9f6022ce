import { Problem } from '#shared/api/problem.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import { BUILT_IN_POLICY_ID, hasPolicy } from '#shared/segment/rules-policies.ts';

/** Refuses a definition that names a merge policy which the sandbox does not have. */
export function requireKnownPolicy(mergePolicyId: string | undefined, rules: RulesArtifact | undefined): void {
  if (mergePolicyId === undefined || hasPolicy(rules ?? {}, mergePolicyId)) return;
  const known = [BUILT_IN_POLICY_ID, ...(rules?.mergePolicies ?? []).map(({ id }) => id)].join(', ');
  const message = `"${mergePolicyId}" is no merge policy of this sandbox, which has ${known}`;
  const mistakes = [{ pointer: '/mergePolicyId', message }];
  throw new Problem('invalid-request', `The merge policy ${mergePolicyId} does not exist.`, { mistakes });
}
