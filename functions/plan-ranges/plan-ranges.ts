/** The first step of a job: how the table is shared out, what is evaluated, and as of when. Done again it is the same. */

import { type Job, type JobRun, mayBecome } from '#shared/batch/job.ts';
import type { JobFiles, JobStore } from '#shared/batch/job-store.ts';
import { keepPlan, planJob, rangesFor } from '#shared/batch/plan.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { ProfileRanges } from '#shared/profile/profile-scan.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface PlanPorts {
  readonly jobs: Pick<JobStore, 'find' | 'list' | 'update'>;
  readonly files: JobFiles;
  readonly rules: RulesStore;
  readonly ranges: Pick<ProfileRanges, 'size'>;
  readonly now: () => number;
}

export interface PlanOutput {
  /** 0 where there is nothing to do, for the job was cancelled, or started again. */
  readonly ranges: number;
  /** The name of the job's plan. */
  readonly plan: string;
}

export async function planRanges(run: JobRun, ports: PlanPorts): Promise<PlanOutput> {
  const job = await ports.jobs.find(run);
  invariant(job, `there is no job ${run.jobId}`);
  if (job.attempt !== run.attempt) return { ranges: 0, plan: '' };
  if (job.status !== 'PROCESSING' && !mayBecome(job.status, 'PROCESSING')) return { ranges: 0, plan: '' };
  const planned = job.plan === undefined ? await makePlan(job, ports) : job;
  const after: Job = {
    ...job,
    ...planned,
    status: 'PROCESSING',
    updateTime: ports.now(),
    segmentationStart: job.segmentationStart ?? ports.now(),
    revision: job.revision + 1,
  };
  const { ranges = 0, plan = '' } = after;
  // Somebody cancelled it, or started it twice: read again.
  return (await ports.jobs.update(job, after)) ? { ranges, plan } : planRanges(run, ports);
}

async function makePlan(
  job: Job,
  { files, rules, ranges, jobs, now }: PlanPorts,
): Promise<Pick<Job, 'plan' | 'asOf' | 'ranges' | 'nextSegmentOrdinal'>> {
  const { artifact } = await rules.current(job.sandboxName);
  const earlier = await jobs.list(job.sandboxName, job.kind);
  const made = planJob({ job, rules: artifact, earlier, ranges: rangesFor(await ranges.size()), now: now() });
  const { asOf, ranges: count, nextSegmentOrdinal } = made;
  return { plan: await keepPlan(job, made, files), asOf, ranges: count, nextSegmentOrdinal };
}
