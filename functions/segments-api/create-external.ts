/** An audience whose members are uploaded: a definition that nothing a profile does decides. */
import { originIn, withoutOrigin } from '#shared/api/audience-origin.ts';
import type { createAudience } from '#shared/api/operations/audiences.ts';
import { Problem } from '#shared/api/problem.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { requireMayMake } from './author.ts';
import { type Changed, commitChange } from './commit-change.ts';
import { SCHEMA_DEFAULT } from './create-definition.ts';
import { organisationOf } from './organisation.ts';
import type { SegmentPorts } from './ports.ts';

export async function createExternal(
  request: OperationRequest<typeof createAudience>,
  ports: SegmentPorts,
): Promise<Changed> {
  requireNoExpression(request.body);
  const {
    type: _,
    expression: __,
    evaluationInfo: ___,
    ttlInDays: ____,
    timeZone,
    mergePolicyId,
    ...said
  } = request.body;
  const origin = originIn(said);
  const now = ports.now();
  const definition: SegmentDefinition = {
    schema: { name: SCHEMA_DEFAULT },
    dataGovernancePolicy: { excludeOptOut: true },
    lifecycleState: 'published',
    labels: [],
    tags: [],
    profileInstanceId: 'ups',
    ...withoutOrigin(said),
    ...(origin && { origin }),
    ...organisationOf(request),
    expression: { type: 'PQL', format: 'pql/text', value: '' },
    evaluation: { evaluationClass: 'incremental', reasons: [] },
    kind: 'external',
    id: ports.newId(),
    sandboxName: request.sandbox,
    version: 1,
    creationTime: now,
    updateTime: now,
    createdBy: request.subject,
    updatedBy: request.subject,
  };
  requireMayMake(request, undefined, definition);
  return commitChange({ sandboxName: request.sandbox, id: definition.id, decide: () => definition }, ports);
}

const OF_EXPRESSIONS = ['expression', 'timeZone', 'mergePolicyId', 'evaluationInfo'] as const;

/** What would say nothing is refused rather than forgotten. */
export function requireNoExpression(body: { readonly [Field in (typeof OF_EXPRESSIONS)[number]]?: unknown }): void {
  const sent = OF_EXPRESSIONS.filter((field) => body[field] !== undefined);
  if (sent.length === 0) return;
  const mistakes = sent.map((field) => ({ pointer: `/${field}`, message: 'is of audiences that have an expression' }));
  throw new Problem('invalid-request', 'An ExternalSegment is decided by uploads.', { mistakes });
}
