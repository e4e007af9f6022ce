import { asksForScheduleOnly } from '#shared/api/evaluation-info.ts';
import type { createSegmentDefinition } from '#shared/api/operations/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { requireMayMake } from './author.ts';
import { declaredFor, evaluationOf } from './check-expression.ts';
import { type Changed, changedAnswer, commitChange } from './commit-change.ts';
import { computedIn } from './computed-in.ts';
import { organisationOf } from './organisation.ts';
import type { SegmentPorts } from './ports.ts';

export const SCHEMA_DEFAULT = '_xdm.context.profile';

type Request = Pick<
  OperationRequest<typeof createSegmentDefinition>,
  'body' | 'headers' | 'sandbox' | 'subject' | 'roles'
>;

/** A definition is live as soon as it is created, unless it says otherwise. */
export const createDefinition = async (request: Request, ports: SegmentPorts): Promise<HttpResponse> =>
  changedAnswer(await create(request, ports));

export async function create(request: Request, ports: SegmentPorts): Promise<Changed> {
  const extensions = extensionsOf(await ports.schemas.find(request.sandbox));
  const definition = await newDefinition(request, declaredFor(request.body.expression, extensions), ports);
  requireMayMake(request, undefined, definition);
  const change = { sandboxName: definition.sandboxName, id: definition.id, decide: () => definition };
  return commitChange(change, ports);
}

async function newDefinition(
  request: Request,
  declared: Pick<SegmentDefinition, 'declared'>,
  ports: SegmentPorts,
): Promise<SegmentDefinition> {
  const { evaluationInfo = {}, ttlInDays: _, ...authored } = request.body;
  const computed = await computedIn(request.sandbox, authored, ports);
  const now = ports.now();
  return {
    schema: { name: SCHEMA_DEFAULT },
    dataGovernancePolicy: { excludeOptOut: true },
    evaluation: evaluationOf({ ...authored, ...declared }, ports.retentionMs, computed),
    ...(asksForScheduleOnly(evaluationInfo) && { kind: 'scheduled' as const }),
    lifecycleState: 'published',
    labels: [],
    tags: [],
    profileInstanceId: 'ups',
    ...authored,
    ...declared,
    ...organisationOf(request),
    id: ports.newId(),
    sandboxName: request.sandbox,
    version: 1,
    creationTime: now,
    updateTime: now,
    createdBy: request.subject,
    updatedBy: request.subject,
  };
}
