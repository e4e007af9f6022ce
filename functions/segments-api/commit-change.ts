/**
 * One change of one definition, together with the rules that follow from it: read, decide, build the artifact, commit
 * on condition that nothing of what was read has changed; else all over again.
 */

import { isDeepStrictEqual } from 'node:util';
import { expressionText } from '#shared/api/expression-text.ts';
import { Problem } from '#shared/api/problem.ts';
import { contentOf } from '#shared/api/segment-content.ts';
import { etagOf, toResource } from '#shared/api/segment-definitions.ts';
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import { computedTable } from '#shared/segment/computed-table.ts';
import { buildRules, type RulesArtifact, type RulesChange, type RulesDefinition } from '#shared/segment/rules.ts';
import { isPublished, type SegmentDefinition } from '#shared/segment/segment-definition.ts';
import type { SegmentCommit } from '#shared/segment/segment-store.ts';
import { requireValid } from './check-expression.ts';
import { requireKnownPolicy } from './known-policy.ts';
import type { SegmentPorts } from './ports.ts';
import { requireResolvable, requireUndelivered, requireUnused } from './segment-references.ts';

export interface Change {
  readonly sandboxName: SandboxName;
  readonly id: SegmentId;
  /** What it becomes; `undefined` deletes it. Called again with what is there by then if another writer was faster. */
  readonly decide: (
    before: SegmentDefinition | undefined,
  ) => SegmentDefinition | undefined | Promise<SegmentDefinition | undefined>;
  /** The revision of the draft that is published with it. */
  readonly draft?: number;
}

export interface Changed {
  readonly before: SegmentDefinition | undefined;
  readonly after: SegmentDefinition | undefined;
}

export const COMMIT_ATTEMPTS_MAX = 12;
export const PUBLISHED_DEFINITIONS_MAX = 10_000;

export async function commitChange(change: Change, ports: SegmentPorts): Promise<Changed> {
  for (let attempt = 1; attempt <= COMMIT_ATTEMPTS_MAX; attempt++) {
    if (attempt > 1) await ports.pause(attempt);
    const before = await ports.segments.find(change.sandboxName, change.id);
    const after = await change.decide(before);
    if (after !== undefined && after === before && change.draft === undefined) return { before, after };
    await requireFreeName(before, after, ports);
    const commit = await prepare(change.sandboxName, before, after, ports);
    if (commit === 'changed') continue;
    const { draft } = change;
    const outcome = await ports.segments.commit({ ...commit, ...(draft === undefined ? {} : { draft }) });
    if (outcome === 'committed') return { before, after: commit.after };
    if (outcome === 'name-in-use') throw nameInUse(after?.name ?? '');
  }
  throw new Problem('unavailable', 'Too many changes of definitions at once; nothing was changed. Try again.');
}

/** The definition as it is by now, and for the audit trail how it was. */
export function changedAnswer({ before, after }: Changed): HttpResponse {
  invariant(after, 'a definition that was committed exists');
  const { id, name, note } = after;
  const change = { id, name, ...(before && { before: contentOf(before) }), after: contentOf(after), note };
  return { status: 200, body: toResource(after), headers: { etag: etagOf(after) }, change };
}

const nameInUse = (name: string) =>
  new Problem('name-in-use', `Another segment definition of this sandbox is named "${name}".`);

/** Decided by the commit's condition; asked here too, so that the common case leaves no artifact behind. */
async function requireFreeName(
  before: SegmentDefinition | undefined,
  after: SegmentDefinition | undefined,
  { segments }: SegmentPorts,
): Promise<void> {
  if (after === undefined || after.name === before?.name) return;
  const owner = await segments.findIdByName(after.sandboxName, after.name);
  if (owner !== undefined && owner !== after.id) throw nameInUse(after.name);
}

async function prepare(
  sandboxName: SandboxName,
  before: SegmentDefinition | undefined,
  after: SegmentDefinition | undefined,
  ports: SegmentPorts,
): Promise<SegmentCommit | 'changed'> {
  const parts = { ...(before && { before }), ...(after && { after }) };
  const change = rulesChange(before, after);
  const mergePolicyId = after?.mergePolicyId === before?.mergePolicyId ? undefined : after?.mergePolicyId;
  if (change === undefined && mergePolicyId === undefined) return { sandboxName, ...parts };
  const pointer = await ports.segments.findRules(sandboxName);
  const previous = pointer && (await ports.artifacts.get(pointer.artifactKey));
  // A draft's policy may be gone when it is published: then it is asked for again.
  requireKnownPolicy(mergePolicyId ?? (change?.kind === 'put' ? change.definition.mergePolicyId : undefined), previous);
  if (change === undefined) return { sandboxName, ...parts };
  const live = previous?.definitions.find(({ id }) => id === (before ?? after)?.id);
  // Definition and rules are two reads: between them another writer published or withdrew it.
  if (isPublished(before) !== (live !== undefined)) return 'changed';
  requireAllowed(live, change, previous);
  const held =
    live !== undefined && change.kind === 'delete' ? await requireNotDelivered(live, sandboxName, ports) : {};
  const rules = buildRules(previous, change);
  const artifactKey = `rules/${sandboxName}/${rules.rulesVersion}-${ports.newId()}.json`;
  await ports.artifacts.put(artifactKey, rules);
  const { rulesVersion, nextSegmentOrdinal } = rules;
  const previousVersion = pointer?.rulesVersion ?? 0;
  const since = rules.definitions.find(({ id }) => id === after?.id)?.since;
  const committed = after && { after: { ...after, ...(since !== undefined && { since }) } };
  const next = { rulesVersion, artifactKey, nextSegmentOrdinal };
  return { sandboxName, ...parts, ...committed, ...held, rules: { previousVersion, next } };
}

async function requireNotDelivered(
  live: RulesDefinition,
  sandboxName: SandboxName,
  ports: SegmentPorts,
): Promise<Pick<SegmentCommit, 'destinations'>> {
  const standing = await ports.destinations.standing(sandboxName);
  requireUndelivered(live, standing.destinations);
  return { destinations: standing.revision };
}

type DefinitionChange = Extract<RulesChange, { readonly kind: 'put' | 'delete' }>;

/** What the change means to evaluators; nothing when they would evaluate the same under the same name. */
function rulesChange(
  before: SegmentDefinition | undefined,
  after: SegmentDefinition | undefined,
): DefinitionChange | undefined {
  if (after !== undefined && isPublished(after)) {
    return before !== undefined && evaluatesAlike(before, after) ? undefined : put(after);
  }
  return before !== undefined && isPublished(before) ? { kind: 'delete', id: before.id } : undefined;
}

function put(definition: SegmentDefinition): DefinitionChange {
  const { id, name, version, kind, mergePolicyId, timeZone, declared, updateTime } = definition;
  const { excludeOptOut } = definition.dataGovernancePolicy;
  const expression = kind === 'external' ? '' : expressionText(definition.expression);
  const published = { id, name, version, expression, publishedAt: updateTime };
  const chosen = { ...(kind && { kind }), ...(mergePolicyId && { mergePolicyId }), ...(timeZone && { timeZone }) };
  // Who uploads memberships of an external audience answers for them.
  const excludesOptOut = excludeOptOut && kind !== 'external' ? ({ excludesOptOut: true } as const) : {};
  return { kind: 'put', definition: { ...published, ...chosen, ...excludesOptOut, ...(declared && { declared }) } };
}

function evaluatesAlike(before: SegmentDefinition, after: SegmentDefinition): boolean {
  return (
    isPublished(before) &&
    before.name === after.name &&
    before.kind === after.kind &&
    before.mergePolicyId === after.mergePolicyId &&
    before.dataGovernancePolicy.excludeOptOut === after.dataGovernancePolicy.excludeOptOut &&
    before.timeZone === after.timeZone &&
    isDeepStrictEqual(before.declared, after.declared) &&
    before.expression.format === after.expression.format &&
    before.expression.value === after.expression.value
  );
}

function requireAllowed(
  live: RulesDefinition | undefined,
  change: DefinitionChange,
  rules: RulesArtifact | undefined,
): void {
  if (change.kind === 'delete') {
    if (live !== undefined) requireUnused(live, 'definition', rules);
    return;
  }
  if (live !== undefined && live.name !== change.definition.name) requireUnused(live, 'name', rules);
  // Checked when it was written as well; a computed attribute that it reads may have changed or gone since.
  if (change.definition.kind !== 'external') requireValid(change.definition, computedTable(rules?.computed));
  requireResolvable(change.definition, rules);
  if (live === undefined && (rules?.definitions.length ?? 0) >= PUBLISHED_DEFINITIONS_MAX) {
    throw new Problem('limit-reached', `A sandbox holds at most ${PUBLISHED_DEFINITIONS_MAX} published definitions.`);
  }
}
