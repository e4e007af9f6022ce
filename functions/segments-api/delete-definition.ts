import type { deleteSegmentDefinition } from '#shared/api/operations/segment-definitions.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { contentOf } from '#shared/api/segment-content.ts';
import { etagOf } from '#shared/api/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { requireMayMake } from './author.ts';
import { type Change, commitChange } from './commit-change.ts';
import { definitionId, unknownDefinition } from './definition-id.ts';
import type { SegmentPorts } from './ports.ts';

/** The definition goes, its versions stay; its members leave when their profiles are next evaluated. */
export async function deleteDefinition(
  request: Pick<
    OperationRequest<typeof deleteSegmentDefinition>,
    'headers' | 'sandbox' | 'roles' | 'subject' | 'pathParameters'
  >,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const id = definitionId(request);
  const decide: Change['decide'] = (before) => {
    if (before === undefined) throw unknownDefinition();
    requireEntityTag(request.headers, etagOf(before), 'definition');
    requireMayMake(request, before, undefined);
    return undefined;
  };
  const { before } = await commitChange({ sandboxName: request.sandbox, id, decide }, ports);
  return {
    status: 200,
    body: { status: true, message: `Segment definition ${id} is deleted.` },
    change: { id, ...(before && { name: before.name, before: contentOf(before) }) },
  };
}
