import { asksForScheduleOnly, type RequestedEvaluation } from '#shared/api/evaluation-info.ts';
import type { patchSegmentDefinition } from '#shared/api/operations/segment-definitions.ts';
import { Problem } from '#shared/api/problem.ts';
import { type PatchSegmentDefinition, toResource } from '#shared/api/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
<<<<<<< HEAD
import { declaredFor, evaluationOf } from './check-expression.ts';
import { commitChange } from './commit-change.ts';
=======
import { type Change, changedAnswer, commitChange } from './commit-change.ts';
>>>>>>> 2e9d4b7 (Definitions have folders, drafts beside them, versions with differences and a way back; they can be validated, converted, searched and read in bulk)
import { definitionId, unknownDefinition } from './definition-id.ts';
import { nextVersion } from './next-version.ts';
import type { SegmentPorts } from './ports.ts';
import { requireMatch } from './preconditions.ts';

type Request = OperationRequest<typeof patchSegmentDefinition>;
type Declared = Pick<SegmentDefinition, 'declared'>;

/** Fields that are sent replace those that were; a patch that changes nothing makes no new version. */
export async function changeDefinition(request: Request, ports: SegmentPorts): Promise<HttpResponse> {
<<<<<<< HEAD
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
=======
  const decide: Change['decide'] = (before) => {
    if (before === undefined) throw unknownDefinition();
    requireMatch(request, before);
    return patched(before, request, ports);
>>>>>>> 2e9d4b7 (Definitions have folders, drafts beside them, versions with differences and a way back; they can be validated, converted, searched and read in bulk)
  };
  const id = definitionId(request);
  return changedAnswer(await commitChange({ sandboxName: request.sandbox, id, decide }, ports));
}

<<<<<<< HEAD
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
=======
function patched(before: SegmentDefinition, request: Request, ports: SegmentPorts): SegmentDefinition {
  const { evaluationInfo, note, ...sent } = request.body;
  requireAsItWas(before, sent);
  const { id, imsOrgId, sandbox, version, creationTime, updateTime, updateEpoch, createdBy, updatedBy, ...rest } = sent;
  const { ttlInDays: _, ...fields } = rest;
  return nextVersion(
    before,
    { fields: { ...fields, ...kindOf(before, evaluationInfo) }, author: request, note },
    ports,
  );
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
    return sent[name] !== undefined && JSON.stringify(sent[name]) !== JSON.stringify(current[name]);
  }).map((name) => ({
    pointer: `/${name}`,
    message: `is written by the service only; it is ${JSON.stringify(current[name]) ?? 'absent'}`,
  }));
  if (mistakes.length === 0) return;
  throw new Problem('invalid-request', 'The body would change what only the service writes.', { mistakes });
>>>>>>> 2e9d4b7 (Definitions have folders, drafts beside them, versions with differences and a way back; they can be validated, converted, searched and read in bulk)
}

function withDeclared(before: SegmentDefinition, declared: Declared | undefined): SegmentDefinition {
  if (declared === undefined) return before;
  const { declared: _, ...definition } = before;
  return { ...definition, ...declared };
}

/** An audience that others upload stays one; any other follows what was asked for last. */
function kindOf(before: SegmentDefinition, requested: RequestedEvaluation | undefined) {
  if (requested === undefined || before.kind === 'external') return {};
  return { kind: asksForScheduleOnly(requested) ? ('scheduled' as const) : null };
}
