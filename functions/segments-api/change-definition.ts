import { asksForScheduleOnly, type RequestedEvaluation } from '#shared/api/evaluation-info.ts';
import type { patchSegmentDefinition } from '#shared/api/operations/segment-definitions.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import { etagOf, type PatchSegmentDefinition, toResource } from '#shared/api/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { declaredField, declaredFor } from './check-expression.ts';
import { type Change, changedAnswer, commitChange } from './commit-change.ts';
import { definitionId, unknownDefinition } from './definition-id.ts';
import { nextVersion } from './next-version.ts';
import type { SegmentPorts } from './ports.ts';

type Request = OperationRequest<typeof patchSegmentDefinition>;
type Declared = Pick<SegmentDefinition, 'declared'>;

/** Fields that are sent replace those that were; a patch that changes nothing makes no new version. */
export async function changeDefinition(request: Request, ports: SegmentPorts): Promise<HttpResponse> {
  const { expression } = request.body;
  // An expression that is sent is read by what is declared now; one that is not means what it meant.
  const declared = expression && declaredFor(expression, extensionsOf(await ports.schemas.find(request.sandbox)));
  const decide: Change['decide'] = (before) => {
    if (before === undefined) throw unknownDefinition();
    requireEntityTag(request.headers, etagOf(before), 'definition');
    return patched(before, request, declared, ports);
  };
  const id = definitionId(request);
  return changedAnswer(await commitChange({ sandboxName: request.sandbox, id, decide }, ports));
}

function patched(
  before: SegmentDefinition,
  request: Request,
  declared: Declared | undefined,
  ports: SegmentPorts,
): Promise<SegmentDefinition> {
  const { evaluationInfo, note, ...sent } = request.body;
  requireAsItWas(before, sent);
  const { id, imsOrgId, sandbox, version, creationTime, updateTime, updateEpoch, createdBy, updatedBy, ...others } =
    sent;
  // Counted since, it may be another one: whoever sends it back means nothing by it.
  const { size: _size, ...rest } = others;
  const { ttlInDays: _, ...authored } = rest;
  const fields = { ...authored, ...kindOf(before, evaluationInfo), ...declaredField(declared) };
  return nextVersion(before, { fields, author: request, note }, ports);
}

const WRITTEN_BY_THE_SERVICE = [
  'id',
  'imsOrgId',
  'sandbox',
  'version',
  'creationTime',
  'updateTime',
  'updateEpoch',
  'createdBy',
  'updatedBy',
] as const;

/** A wrong one tells of a mistake, or of a definition that somebody else changed meanwhile. */
function requireAsItWas(before: SegmentDefinition, sent: PatchSegmentDefinition): void {
  const current = toResource(before);
  const mistakes = WRITTEN_BY_THE_SERVICE.filter((name) => {
    return saysSomething(name, sent[name], current[name]) && !isPartOf(sent[name], current[name]);
  }).map((name) => ({
    pointer: `/${name}`,
    message: `is written by the service only; it is ${JSON.stringify(current[name]) ?? 'absent'}`,
  }));
  if (mistakes.length === 0) return;
  throw new Problem('invalid-request', 'The body would change what only the service writes.', { mistakes });
}

/** Clients of the original send times of 0 for those that they don't know, and their organisation with everything. */
const saysSomething = (name: (typeof WRITTEN_BY_THE_SERVICE)[number], sent: unknown, current: unknown): boolean =>
  sent !== undefined && !(name === 'imsOrgId' && current === undefined) && !(sent === 0 && name !== 'version');

/** Of the sandbox a client may know less than there is. */
const isPartOf = (part: unknown, whole: unknown): boolean =>
  part !== null && typeof part === 'object'
    ? Object.entries(part).every(([name, value]) => (whole as Record<string, unknown>)[name] === value)
    : part === whole;

/** An audience that others upload stays one; any other follows what was asked for last. */
export function kindOf(before: SegmentDefinition, requested: RequestedEvaluation | undefined) {
  if (requested === undefined || before.kind === 'external') return {};
  return { kind: asksForScheduleOnly(requested) ? ('scheduled' as const) : null };
}
