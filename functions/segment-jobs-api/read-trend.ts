import type { getSegmentTrend } from '#shared/api/operations/segment-jobs.ts';
import type { SegmentTrend } from '#shared/api/segment-jobs.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { JobPorts } from './ports.ts';

/** A definition that was never counted, or that nobody has, has no points. */
export async function readTrend(
  { sandbox, pathParameters, query }: OperationRequest<typeof getSegmentTrend>,
  { sizes }: JobPorts,
): Promise<HttpResponse> {
  const points = await sizes.newest(sandbox, pathParameters.id, query.limit);
  const body: SegmentTrend = {
    segmentId: pathParameters.id,
    points: points.toReversed().map(({ at, members }) => ({ countedAt: new Date(at).toISOString(), members })),
  };
  return { status: 200, body };
}
