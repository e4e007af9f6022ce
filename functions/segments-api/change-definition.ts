import { isDeepStrictEqual } from 'node:util';
import { asksForScheduleOnly, type RequestedEvaluation } from '#shared/api/evaluation-info.ts';
import type { patchSegmentDefinition } from '#shared/api/operations/segment-definitions.ts';
import { Problem } from '#shared/api/problem.ts';
import { etagOf, type PatchSegmentDefinition, toResource } from '#shared/api/segment-definitions.ts';
import type { Instant } from '#shared/kernel/brand.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { declaredFor, evaluationOf } from './check-expression.ts';
import { commitChange } from './commit-change.ts';
import { definitionId, unknownDefinition } from './definition-id.ts';
import type { SegmentPorts } from './ports.ts';
import { requireMatch } from './preconditions.ts';

type Request = OperationRequest<typeof patchSegmentDefinition>;
type Declared = Pick<SegmentDefinition, 'declared'>;

/** Fields that are sent replace those that were; a patch that changes nothing makes no new version. */
export async function changeDefinition(request: Request, ports: SegmentPorts): Promise<HttpResponse> {
  const id = definitionId(request);
  const sent = request.body;
  if (sent.id !== undefined && sent.id !== id) {
    const mistakes = [{ pointer: '/id', message: 'is not the id of the address' }];
    throw new Problem('invalid-request', 'The id of a definition cannot be changed.', { mistakes });
  }
  // An expression that is sent is read by what is declared now; one that is not means what it meant.
  const declared =
    sent.expression && declaredFor(sent.expression, extensionsOf(await ports.schemas.find(request.sandbox)));
  const decide = (before: SegmentDefinition | undefined) => {
    if (before === undefined) throw unknownDefinition();
    requireMatch(request, before);
    return patched(before, sent, declared, ports);
  };
  const changed = await commitChange({ sandboxName: request.sandbox, id, decide }, ports);
  invariant(changed, 'a definition that was patched exists');
  return { status: 200, body: toResource(changed), headers: { etag: etagOf(changed) } };
}

function patched(
  before: SegmentDefinition,
  sent: PatchSegmentDefinition,
  declared: Declared | undefined,
  { now, retentionMs }: SegmentPorts,
): SegmentDefinition {
  const {
    evaluationInfo,
    ttlInDays,
    id,
    imsOrgId,
    sandbox,
    version,
    creationTime,
    updateTime,
    updateEpoch,
    ...authored
  } = sent;
  const after: SegmentDefinition = { ...withDeclared(withKind(before, evaluationInfo), declared), ...authored };
  if (isDeepStrictEqual(before, after)) return before;
  // The clock of another machine may be behind; the order of versions is not.
  const later = Math.max(now(), before.updateTime) as Instant;
  const evaluation = evaluationOf(after, retentionMs);
  return { ...after, evaluation, version: before.version + 1, updateTime: later };
}

function withDeclared(before: SegmentDefinition, declared: Declared | undefined): SegmentDefinition {
  if (declared === undefined) return before;
  const { declared: _, ...definition } = before;
  return { ...definition, ...declared };
}

/** An audience that others upload stays one; any other follows what was asked for last. */
function withKind(before: SegmentDefinition, requested: RequestedEvaluation | undefined): SegmentDefinition {
  if (requested === undefined || before.kind === 'external') return before;
  const { kind: _, ...streaming } = before;
  return asksForScheduleOnly(requested) ? { ...before, kind: 'scheduled' } : streaming;
}
