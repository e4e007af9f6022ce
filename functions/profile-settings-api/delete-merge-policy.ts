import type { deleteMergePolicy } from '#shared/api/operations/merge-policies.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { MergePolicy } from '#shared/segment/merge-policy-resource.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import { BUILT_IN_POLICY_ID } from '#shared/segment/rules-policies.ts';
import { commitSetting, type Standing } from './commit-setting.ts';
import { etagOf } from './entity-tags.ts';
import { policiesChange, unknownPolicy } from './merge-policies.ts';
import type { ProfileSettingsPorts } from './ports.ts';

type Request = OperationRequest<typeof deleteMergePolicy>;
type Named = { readonly id: string; readonly name: string };

/** A policy that a definition names stays, whether it is published or not, and so does one that a destination names. */
export async function deletePolicy(request: Request, ports: ProfileSettingsPorts): Promise<HttpResponse> {
  const { id } = request.pathParameters;
  if (id === BUILT_IN_POLICY_ID) throw new Problem('conflict', 'The built-in policy is always there.');
  const drafts = await draftsBy(id, request, ports);
  const decide = async (standing: Standing<MergePolicy>) => {
    const before = standing.all.find((policy) => policy.id === id);
    if (before === undefined) throw unknownPolicy();
    requireEntityTag(request.headers, etagOf(before), 'merge policy');
    const { destinations, revision } = await ports.destinations.standing(request.sandbox);
    const delivered = destinations.filter(({ mergePolicyId }) => mergePolicyId === id);
    requireUnused(before, [...publishedBy(id, standing.rules), ...drafts, ...delivered]);
    if (standing.rules.defaultMergePolicyId === id) {
      throw new Problem('conflict', `"${before.name}" is the default of the sandbox: make another policy the default.`);
    }
    const change = policiesChange(standing, { before, isDefault: undefined, changedAt: ports.now() });
    return { before, change, destinations: revision };
  };
  await commitSetting({ sandboxName: request.sandbox, store: ports.policies, decide }, ports);
  return { status: 200, body: { status: true, message: `Merge policy ${id} is deleted.` } };
}

const publishedBy = (policyId: string, { definitions }: RulesArtifact): readonly Named[] =>
  definitions.filter(({ mergePolicyId }) => mergePolicyId === policyId);

/** Not in the rules, so nothing holds them in place: one that is written this very moment is refused when published. */
async function draftsBy(
  policyId: string,
  { sandbox }: Request,
  { segments }: ProfileSettingsPorts,
): Promise<readonly Named[]> {
  const unpublished = (await segments.list(sandbox)).filter(({ lifecycleState }) => lifecycleState !== 'published');
  const definitions = await segments.findMany(
    sandbox,
    unpublished.map(({ id }) => id),
  );
  return definitions.filter(({ mergePolicyId }) => mergePolicyId === policyId);
}

const USERS_NAMED_MAX = 20;

function requireUnused({ name }: MergePolicy, users: readonly Named[]): void {
  if (users.length === 0) return;
  const named = users.slice(0, USERS_NAMED_MAX).map((user) => `"${user.name}" (${user.id})`);
  const more = users.length > USERS_NAMED_MAX ? ` and ${users.length - USERS_NAMED_MAX} more` : '';
  throw new Problem('in-use', `"${name}" is the merge policy of ${named.join(', ')}${more}: give them another first.`);
}
