/** `/segment/definitions/{id}/draft`: what an author is about to make of a definition, which meanwhile stays as it is. */

import { differencesOf } from '#shared/api/difference.ts';
import type {
  deleteSegmentDraft,
  getSegmentDraft,
  publishSegmentDraft,
  saveSegmentDraft,
} from '#shared/api/operations/segment-definitions.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import { contentOf } from '#shared/api/segment-content.ts';
import { type DraftResource, draftEtagOf } from '#shared/api/segment-versions.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { DraftRevision } from '#shared/segment/draft-revision.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { declaredField, declaredFor, diagnosticsOf } from './check-expression.ts';
import { type Change, changedAnswer, commitChange } from './commit-change.ts';
import { computedIn } from './computed-in.ts';
import { definitionId, unknownDefinition } from './definition-id.ts';
import { nextVersion, withFields } from './next-version.ts';
import type { SegmentPorts } from './ports.ts';

const noDraft = () => new Problem('not-found', 'No draft is beside this definition.');

export async function findDraft(
  request: OperationRequest<typeof getSegmentDraft>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { definition, draft } = await readBoth(request, ports);
  if (draft === undefined) throw noDraft();
  return answer(definition, draft, ports);
}

export async function saveDraft(
  request: OperationRequest<typeof saveSegmentDraft>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { definition, draft: before } = await readBoth(request, ports);
  requireDraftTag(request, before);
  const { basedOnVersion = before?.basedOnVersion ?? definition.version, ...fields } = request.body;
  const draft: DraftRevision = {
    definitionId: definition.id,
    revision: (before?.revision ?? 0) + 1,
    basedOnVersion,
    fields,
    updateTime: ports.now(),
    updatedBy: request.subject,
  };
  if (!(await ports.segments.saveDraft(request.sandbox, draft))) throw overtaken();
  const change = { id: definition.id, name: definition.name, before: before?.fields, after: fields };
  return { ...(await answer(definition, draft, ports)), change };
}

export async function deleteDraft(
  request: OperationRequest<typeof deleteSegmentDraft>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { definition, draft } = await readBoth(request, ports);
  if (draft === undefined) throw noDraft();
  requireDraftTag(request, draft);
  const { id, name } = definition;
  if (!(await ports.segments.dropDraft(request.sandbox, id, draft.revision))) throw overtaken();
  return { status: 204, change: { id, name, before: draft.fields } };
}

/** All or nothing: the draft is gone exactly when the definition has what it said. */
export async function publishDraft(
  request: OperationRequest<typeof publishSegmentDraft>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { definition, draft } = await readBoth(request, ports);
  if (draft === undefined) throw noDraft();
  requireDraftTag(request, draft);
  const decide: Change['decide'] = async (before) => {
    if (before === undefined) throw unknownDefinition();
    requireBase(draft, before);
    const latest = await ports.segments.findDraft(request.sandbox, definition.id);
    if (latest?.revision !== draft.revision) throw overtaken();
    const { expression } = draft.fields;
    const declared = expression ? declaredFor(expression, await extensions(request.sandbox, ports)) : undefined;
    const fields = { ...draft.fields, ...declaredField(declared), lifecycleState: 'published' as const };
    return nextVersion(before, { fields, author: request, note: request.body.note }, ports);
  };
  const change = { sandboxName: request.sandbox, id: definition.id, decide, draft: draft.revision };
  return changedAnswer(await commitChange(change, ports));
}

const extensions = async (sandbox: SandboxName, { schemas }: SegmentPorts) => extensionsOf(await schemas.find(sandbox));

async function readBoth(
  request: Pick<HttpRequest, 'sandbox'> & { readonly pathParameters: { readonly id: string } },
  { segments }: SegmentPorts,
): Promise<{ readonly definition: SegmentDefinition; readonly draft: DraftRevision | undefined }> {
  const id = definitionId(request);
  const [definition, draft] = await Promise.all([
    segments.find(request.sandbox, id),
    segments.findDraft(request.sandbox, id),
  ]);
  if (definition === undefined) throw unknownDefinition();
  return { definition, draft };
}

const requireDraftTag = (request: Pick<HttpRequest, 'headers'>, draft: DraftRevision | undefined) =>
  requireEntityTag(request.headers, draft && draftEtagOf(draft), 'draft');

const overtaken = () =>
  new Problem('precondition-failed', 'Somebody else saved this draft meanwhile: read it again and repeat the change.');

/** Never over somebody else's version: the author sees what changed, and saves the draft anew on top of it. */
function requireBase({ basedOnVersion }: DraftRevision, { version }: SegmentDefinition): void {
  if (basedOnVersion === version) return;
  throw new Problem(
    'precondition-failed',
    `The draft was begun on version ${basedOnVersion}, the definition is at ${version}. See what changed at ` +
      `…/versions/${version}/differences?from=${basedOnVersion}, and save the draft with basedOnVersion ${version}.`,
  );
}

async function answer(definition: SegmentDefinition, draft: DraftRevision, ports: SegmentPorts): Promise<HttpResponse> {
  const drafted = withFields(definition, draft.fields);
  const against = {
    retentionMs: ports.retentionMs,
    computed: await computedIn(definition.sandboxName, drafted, ports),
  };
  const body: DraftResource = {
    ...(draft.fields as Pick<DraftResource, keyof DraftRevision['fields']>),
    definitionId: draft.definitionId,
    revision: draft.revision,
    basedOnVersion: draft.basedOnVersion,
    currentVersion: definition.version,
    updateTime: draft.updateTime,
    updatedBy: draft.updatedBy,
    differences: differencesOf(contentOf(definition), contentOf(drafted)),
    diagnostics: diagnosticsOf(drafted, against, await extensions(definition.sandboxName, ports)),
  };
  return { status: 200, body, headers: { etag: draftEtagOf(draft) } };
}
