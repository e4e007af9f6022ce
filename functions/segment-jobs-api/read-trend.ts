import type { getSegmentTrend } from '#shared/api/operations/segment-jobs.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SegmentTrend } from '#shared/api/segment-jobs.ts';
import type { SegmentId } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { JobPorts } from './ports.ts';

/** What an id may look like. One that no definition could have is nobody's. */
const ID = /^[\w-]{1,64}$/;

/** A definition that was never counted has no points; one that is gone keeps those it had. */
export async function readTrend(
  { sandbox, pathParameters, query }: OperationRequest<typeof getSegmentTrend>,
  { sizes, definitions }: JobPorts,
): Promise<HttpResponse> {
  const { id } = pathParameters;
  if (!ID.test(id)) throw unknownDefinition();
  const points = await sizes.newest(sandbox, id, query.limit);
  if (points.length === 0 && (await definitions.find(sandbox, id as SegmentId)) === undefined)
    throw unknownDefinition();
  const body: SegmentTrend = {
    segmentId: id,
    points: points.toReversed().map(({ at, members }) => ({ countedAt: new Date(at).toISOString(), members })),
  };
  return { status: 200, body };
}

const unknownDefinition = () => new Problem('not-found', 'No segment definition of this sandbox has this id.');
