/** What is wrong with a segment that nobody would see by looking at its number. */
import type { DestinationDeliveries, DestinationResource } from '#shared/api/destinations.ts';
import type { SegmentDefinitionResource } from '#shared/api/segment-definitions.ts';
import type { SegmentJobResource } from '#shared/api/segment-jobs.ts';

export type Problem = 'empty' | 'activating' | 'failed' | 'undelivered';
export type ProblemsById = ReadonlyMap<string, readonly Problem[]>;

export interface Known {
  /** The newest first. */
  readonly jobs: readonly SegmentJobResource[];
  /** Of segments that some destination is not told of; `all` stands for each of them. */
  readonly undelivered: ReadonlySet<string>;
}

const HOUR_MS = 3_600_000;

export function problemsOf(
  segments: readonly SegmentDefinitionResource[],
  { jobs, undelivered }: Known,
  now: number,
): ProblemsById {
  const failed = failedIn(jobs);
  const found = segments
    .filter(({ lifecycleState }) => lifecycleState === 'published')
    .map((segment): readonly [string, readonly Problem[]] => {
      const { id, size, updateTime, evaluationInfo } = segment;
      const isActivating = evaluationInfo.continuous.state === 'activating';
      return [
        id,
        [
          ...(size?.members === 0 ? (['empty'] as const) : []),
          ...(isActivating && now - updateTime > HOUR_MS ? (['activating'] as const) : []),
          ...(failed.has(id) ? (['failed'] as const) : []),
          ...(undelivered.has(id) || undelivered.has('all') ? (['undelivered'] as const) : []),
        ],
      ];
    });
  return new Map(found.filter(([, problems]) => problems.length > 0));
}

/** Segments whose newest job of their own failed. */
function failedIn(jobs: readonly SegmentJobResource[]): ReadonlySet<string> {
  const newest = new Map<string, boolean>();
  for (const { status, segments } of jobs.toSorted((left, right) => right.creationTime - left.creationTime)) {
    if (status !== 'SUCCEEDED' && status !== 'FAILED') continue;
    for (const { segmentId } of segments) if (!newest.has(segmentId)) newest.set(segmentId, status === 'FAILED');
  }
  return new Set([...newest].filter(([, isFailed]) => isFailed).map(([id]) => id));
}

/** Whether what it should be told of waits, was set aside, or may not be told. */
export const isStuck = ({ blockedBy, lanes, refused }: DestinationDeliveries): boolean =>
  blockedBy.length > 0 || refused.length > 0 || lanes.some(({ failures, lost }) => failures > 0 || lost > 0);

export const segmentsToldTo = ({ segments }: DestinationResource): readonly string[] =>
  segments === 'all' ? ['all'] : segments;
