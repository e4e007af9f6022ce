import type { SegmentJobResource } from '#shared/api/segment-jobs.ts';

const OPEN: readonly SegmentJobResource['status'][] = ['NEW', 'QUEUED', 'PROCESSING', 'CANCELLING'];

export const isOpen = ({ status }: Pick<SegmentJobResource, 'status'>): boolean => OPEN.includes(status);

/** `undefined` before anybody knows into how many parts it is cut. */
export function shareDone({
  status,
  properties,
}: Pick<SegmentJobResource, 'status' | 'properties'>): number | undefined {
  const { partsDone, ranges } = properties.progress;
  if (status === 'SUCCEEDED') return 1;
  return ranges === null || ranges === 0 ? undefined : Math.min(1, partsDone / ranges);
}

/** A job of `*` counts every segment. */
export const counts = ({ segments }: Pick<SegmentJobResource, 'segments'>, segmentId: string): boolean =>
  segments.some((one) => one.segmentId === segmentId || one.segmentId === '*');
