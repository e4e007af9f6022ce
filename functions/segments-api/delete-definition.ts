import type { deleteSegmentDefinition } from '#shared/api/operations/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { commitChange } from './commit-change.ts';
import { definitionId, unknownDefinition } from './definition-id.ts';
import type { SegmentPorts } from './ports.ts';
import { requireMatch } from './preconditions.ts';

/** The definition goes, its versions stay; its members leave when their profiles are next evaluated. */
export async function deleteDefinition(
  request: OperationRequest<typeof deleteSegmentDefinition>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const id = definitionId(request);
  const decide = (before: SegmentDefinition | undefined) => {
    if (before === undefined) throw unknownDefinition();
    requireMatch(request, before);
    return undefined;
  };
  await commitChange({ sandboxName: request.sandbox, id, decide }, ports);
  return { status: 200, body: { status: true, message: `Segment definition ${id} is deleted.` } };
}
