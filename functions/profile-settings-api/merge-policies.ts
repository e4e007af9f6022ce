/** `/config/mergePolicies`: how data sets that disagree become one profile, by policy. */
import {
  MERGE_POLICIES_PER_SANDBOX_MAX,
  type MergePolicyList,
  type MergePolicyResource,
  type PatchMergePolicy,
  toMergePolicyResource,
} from '#shared/api/merge-policies.ts';
import type {
  createMergePolicy,
  getMergePolicy,
  listMergePolicies,
  patchMergePolicy,
} from '#shared/api/operations/merge-policies.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import type { Instant, SandboxName } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { DEFAULT_MERGE } from '#shared/profile/merge-policy.ts';
import type { MergePolicy } from '#shared/segment/merge-policy-resource.ts';
import type { RulesArtifact, RulesChange } from '#shared/segment/rules.ts';
import { BUILT_IN_POLICY_ID } from '#shared/segment/rules-policies.ts';
import { commitSetting, readStanding, type Standing } from './commit-setting.ts';
import { etagOf } from './entity-tags.ts';
import type { ProfileSettingsPorts } from './ports.ts';

const builtIn = (sandboxName: SandboxName): MergePolicy => ({
  id: BUILT_IN_POLICY_ID,
  sandboxName,
  name: 'The latest wins (built in)',
  attributeMerge: DEFAULT_MERGE,
  version: 1,
  creationTime: 0 as Instant,
  updateTime: 0 as Instant,
});

const defaultIn = ({ defaultMergePolicyId }: RulesArtifact) => defaultMergePolicyId ?? BUILT_IN_POLICY_ID;

const shown = (policy: MergePolicy, rules: RulesArtifact): MergePolicyResource =>
  toMergePolicyResource(policy, { default: policy.id === defaultIn(rules), builtIn: policy.id === BUILT_IN_POLICY_ID });

export const unknownPolicy = () => new Problem('not-found', 'No merge policy of this sandbox has this id.');

const answer = (policy: MergePolicy, rules: RulesArtifact): HttpResponse => ({
  status: 200,
  body: shown(policy, rules),
  headers: { etag: etagOf(policy) },
});

export async function listPolicies(
  { sandbox }: OperationRequest<typeof listMergePolicies>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const { all, rules } = await readStanding(sandbox, ports.policies, ports);
  const children = [builtIn(sandbox), ...all].map((policy) => shown(policy, rules));
  const body: MergePolicyList = {
    _page: { totalCount: children.length, pageSize: children.length },
    children,
    _links: {},
  };
  return { status: 200, body };
}

export async function readPolicy(
  { sandbox, pathParameters: { id } }: OperationRequest<typeof getMergePolicy>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const { all, rules } = await readStanding(sandbox, ports.policies, ports);
  const found = [builtIn(sandbox), ...all].find((policy) => policy.id === id);
  if (found === undefined) throw unknownPolicy();
  return answer(found, rules);
}

export async function createPolicy(
  { sandbox, body }: OperationRequest<typeof createMergePolicy>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const now = ports.now();
  const { name, description, attributeMerge, default: isDefault } = body;
  const times = { version: 1, creationTime: now, updateTime: now };
  const said = { name, ...(description !== undefined && { description }), attributeMerge };
  const policy: MergePolicy = { id: ports.newId(), sandboxName: sandbox, ...said, ...times };
  const decide = (standing: Standing<MergePolicy>) => {
    requireRoom(standing, policy);
    const change = policiesChange(standing, { after: policy, isDefault: isDefault === true, changedAt: now });
    return { after: policy, change };
  };
  const { rules } = await commitSetting({ sandboxName: sandbox, store: ports.policies, decide }, ports);
  return answer(policy, rules);
}

function requireRoom({ all }: Standing<MergePolicy>, policy: MergePolicy): void {
  if (all.length >= MERGE_POLICIES_PER_SANDBOX_MAX) {
    throw new Problem('limit-reached', `A sandbox has at most ${MERGE_POLICIES_PER_SANDBOX_MAX} merge policies.`);
  }
  requireFreeName(all, policy);
}

function requireFreeName(all: readonly MergePolicy[], { id, name }: MergePolicy): void {
  if (!all.some((other) => other.id !== id && other.name === name)) return;
  throw new Problem('name-in-use', `Another merge policy of this sandbox is named "${name}".`);
}

interface PolicyChange {
  readonly before?: MergePolicy;
  readonly after?: MergePolicy;
  /** Whether it is the default from now on; undefined where that is left as it is. */
  readonly isDefault: boolean | undefined;
  readonly changedAt: number;
}

export function policiesChange(
  { all, rules }: Standing<MergePolicy>,
  { before, after, isDefault, changedAt }: PolicyChange,
): RulesChange {
  const id = (after ?? before)?.id;
  const others = all.filter((policy) => policy.id !== id);
  const policies = [...others, ...(after === undefined ? [] : [after])];
  const wanted = isDefault && id !== undefined ? id : defaultIn(rules);
  return {
    kind: 'merge-policies',
    mergePolicies: policies.map((policy) => ({ id: policy.id, attributeMerge: policy.attributeMerge })),
    ...(wanted !== BUILT_IN_POLICY_ID && { defaultMergePolicyId: wanted }),
    changedAt,
  };
}

export async function changePolicy(
  request: OperationRequest<typeof patchMergePolicy>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const { sandbox, body: sent } = request;
  const { id } = request.pathParameters;
  const now = ports.now();
  let shownPolicy: MergePolicy | undefined;
  const decide = (standing: Standing<MergePolicy>) => {
    if (id === BUILT_IN_POLICY_ID) {
      shownPolicy = builtIn(sandbox);
      return decideBuiltIn(standing, sent, now);
    }
    const before = standing.all.find((policy) => policy.id === id);
    if (before === undefined) throw unknownPolicy();
    requireEntityTag(request.headers, etagOf(before), 'merge policy');
    requireDefaultKept(standing, before, sent);
    shownPolicy = patched(before, sent, now);
    requireFreeName(standing.all, shownPolicy);
    const becomesDefault = sent.default === true && defaultIn(standing.rules) !== id;
    if (shownPolicy === before && !becomesDefault) return undefined;
    if (shownPolicy === before) shownPolicy = { ...before, version: before.version + 1, updateTime: now };
    const change = policiesChange(standing, { before, after: shownPolicy, isDefault: sent.default, changedAt: now });
    return { before, after: shownPolicy, change };
  };
  const { rules } = await commitSetting({ sandboxName: sandbox, store: ports.policies, decide }, ports);
  return answer(shownPolicy as unknown as MergePolicy, rules);
}

/** It can be made the default again, and nothing else. */
function decideBuiltIn(standing: Standing<MergePolicy>, sent: PatchMergePolicy, changedAt: number) {
  const { name, description, attributeMerge, default: isDefault } = sent;
  const { name: ownName } = builtIn('' as SandboxName);
  const isOther = (name ?? ownName) !== ownName || description !== undefined;
  if (isOther || (attributeMerge?.type ?? DEFAULT_MERGE.type) !== DEFAULT_MERGE.type || isDefault === false) {
    throw new Problem('conflict', 'The built-in policy can be made the default, and nothing else of it be changed.');
  }
  if (isDefault !== true || defaultIn(standing.rules) === BUILT_IN_POLICY_ID) return undefined;
  const { defaultMergePolicyId: _, ...rules } = standing.rules;
  return { change: policiesChange({ ...standing, rules }, { isDefault: undefined, changedAt }) };
}

function requireDefaultKept({ rules }: Standing<MergePolicy>, { id }: MergePolicy, sent: PatchMergePolicy): void {
  if (sent.default !== false || defaultIn(rules) !== id) return;
  throw new Problem('conflict', 'A sandbox always has a default: make another policy the default instead.');
}

/** The same object where nothing changes. */
function patched(before: MergePolicy, sent: PatchMergePolicy, now: Instant): MergePolicy {
  const { name = before.name, description = before.description, attributeMerge = before.attributeMerge } = sent;
  const isSame =
    name === before.name &&
    description === before.description &&
    JSON.stringify(attributeMerge) === JSON.stringify(before.attributeMerge);
  if (isSame) return before;
  const updateTime = Math.max(now, before.updateTime) as Instant;
  const said = { name, ...(description !== undefined && { description }), attributeMerge };
  return { ...before, ...said, version: before.version + 1, updateTime };
}
