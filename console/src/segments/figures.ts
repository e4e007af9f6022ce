/** What is known of a segment's size: its newest count, its last seven days, and who came and went by the last job. */
import type { SegmentJobResource, SegmentTrend } from '#shared/api/segment-jobs.ts';

export type Points = SegmentTrend['points'];

/** Against the job before. */
export interface Flow {
  readonly came: number;
  readonly stayed: number;
  readonly went: number;
  /** Of computing, for each person whom the job looked at. */
  readonly microseconds: number;
}

const DAY_MS = 86_400_000;
const DAYS = 7;

/** Of each segment by the newest job that counted it. */
export function flowsOf(jobs: readonly SegmentJobResource[]): ReadonlyMap<string, Flow> {
  const flows = new Map<string, Flow>();
  const done = jobs.filter(({ status }) => status === 'SUCCEEDED');
  for (const { metrics } of done.toSorted((left, right) => right.creationTime - left.creationTime)) {
    for (const [id, counts] of Object.entries(metrics?.segmentedProfileByStatusCounter ?? {})) {
      if (flows.has(id)) continue;
      const { realized: came = 0, existing: stayed = 0, exited: went = 0 } = counts;
      const microseconds = (metrics?.costByDefinition?.[id]?.nanosecondsPerProfile ?? 0) / 1000;
      flows.set(id, { came, stayed, went, microseconds });
    }
  }
  return flows;
}

export interface DatedFlow extends Pick<Flow, 'came' | 'went'> {
  readonly at: number;
}

/** Of one segment by each job that counted it, the oldest first. The first count of all has nobody to compare with. */
export function flowHistory(jobs: readonly SegmentJobResource[], id: string): readonly DatedFlow[] {
  return jobs
    .filter(({ status }) => status === 'SUCCEEDED')
    .toSorted((left, right) => left.creationTime - right.creationTime)
    .flatMap(({ creationTime, metrics }) => {
      const counts = metrics.segmentedProfileByStatusCounter?.[id];
      if (counts === undefined) return [];
      return [{ at: creationTime, came: counts.realized ?? 0, went: counts.exited ?? 0 }];
    })
    .slice(1);
}

/** The last seven days up to `now`, with the count that they began with. */
export function lastDays(points: Points, now: number): readonly { readonly at: number; readonly members: number }[] {
  const from = now - DAYS * DAY_MS;
  const all = points.map(({ countedAt, members }) => ({ at: Date.parse(countedAt), members }));
  const before = all.findLast(({ at }) => at < from);
  return [
    ...(before === undefined ? [] : [{ at: from, members: before.members }]),
    ...all.filter(({ at }) => at >= from),
  ];
}

/** As a path over a box of `width` by `height`; a size that does not change is a line in its middle. */
export function sparkline(points: ReturnType<typeof lastDays>, width: number, height: number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return '';
  const sizes = points.map(({ members }) => members);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const x = (at: number) => (last.at === first.at ? width : (width * (at - first.at)) / (last.at - first.at));
  const y = (members: number) => (most === least ? height / 2 : height - (height * (members - least)) / (most - least));
  return points
    .map(({ at, members }, index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(members).toFixed(1)}`)
    .join('');
}
