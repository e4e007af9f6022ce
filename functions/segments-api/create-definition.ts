import { parseBody } from '#shared/api/parse-request.ts';
import {
  type CreateSegmentDefinition,
  createSegmentDefinition,
  etagOf,
  toResource,
} from '#shared/api/segment-definitions.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { evaluationOf } from './check-expression.ts';
import { commitChange } from './commit-change.ts';
import type { SegmentPorts } from './ports.ts';

export const SCHEMA_DEFAULT = '_xdm.context.profile';

/** A definition is live as soon as it is created, unless it says otherwise. */
export async function createDefinition(request: HttpRequest, ports: SegmentPorts): Promise<HttpResponse> {
  const sent = parseBody(createSegmentDefinition, request.body);
  const definition = newDefinition(sent, request, ports);
  const change = { sandboxName: definition.sandboxName, id: definition.id, decide: () => definition };
  const created = await commitChange(change, ports);
  invariant(created, 'a definition that was committed exists');
  return { status: 200, body: toResource(created), headers: { etag: etagOf(created) } };
}

function newDefinition(sent: CreateSegmentDefinition, request: HttpRequest, ports: SegmentPorts): SegmentDefinition {
  const { evaluationInfo: _, ttlInDays: __, ...authored } = sent;
  const now = ports.now();
  const imsOrgId = request.headers['x-gw-ims-org-id'];
  return {
    schema: { name: SCHEMA_DEFAULT },
    dataGovernancePolicy: { excludeOptOut: true },
    evaluation: evaluationOf(sent, ports.retentionMs),
    lifecycleState: 'published',
    labels: [],
    tags: [],
    ...authored,
    ...(imsOrgId === undefined ? {} : { imsOrgId: imsOrgId.slice(0, 200) }),
    id: ports.newId(),
    sandboxName: request.sandbox,
    version: 1,
    creationTime: now,
    updateTime: now,
  };
}
