/**
 * One part of a job: the profiles of a scan range from a position on, page by page, until the range or the process ends.
 *
 * What was found is kept in the bucket, and that it is done beside the job. Who runs the same part again finds it there, so
 * a retry, a redrive and a second process at the same time all end in the same result.
 */

import type { JobRun } from '#shared/batch/job.ts';
import { keepSlice, sliceName } from '#shared/batch/job-store.ts';
import { readPlan } from '#shared/batch/plan.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { RangePorts, RangeSettings } from './ports.ts';
import { RangeWalk } from './range-walk.ts';

export interface RangeInput extends JobRun {
  readonly range: number;
  /** Its name. */
  readonly plan: string;
  /** Where the slice before ended; null at the start. */
  readonly from: string | null;
}

export interface RangeOutput {
  /** Where to go on; null where nothing is left to do. */
  readonly next: string | null;
}

export async function evaluateRange(
  { range, from, plan: planName, ...job }: RangeInput,
  ports: RangePorts,
  settings: RangeSettings,
): Promise<RangeOutput> {
  const { jobs, files } = ports;
  const done = await jobs.findPart(job, range, from);
  if (done !== undefined) return { next: done.next };
  const plan = await readPlan(planName, files);
  invariant(plan, `job ${job.jobId} has no plan`);
  const walk = new RangeWalk({ job, plan, range }, ports, settings);
  const slice = await walk.run(from);
  if (slice === 'cancelled') return { next: null };
  const file = await keepSlice(job, range, slice, files);
  const { next } = await jobs.claimPart(job, { range, from, next: slice.next, file });
  await jobs.reportProgress(job, { part: sliceName(range, from), profiles: slice.profiles, isDone: true });
  return { next };
}
