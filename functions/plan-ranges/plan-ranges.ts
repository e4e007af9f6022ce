/** The first step of a job: how the table is shared out, what is evaluated, and as of when. Done again it is the same. */

import { type Job, type JobKey, mayBecome } from '#shared/batch/job.ts';
import type { JobFiles, JobStore } from '#shared/batch/job-store.ts';
import { type JobPlan, keepPlan, planJob, rangesFor, readPlan } from '#shared/batch/plan.ts';
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
  /** 0 where there is nothing to do, for the job was cancelled. */
  readonly ranges: number;
}

export async function planRanges(key: JobKey, ports: PlanPorts): Promise<PlanOutput> {
  const job = await ports.jobs.find(key);
  invariant(job, `there is no job ${key.jobId}`);
  if (job.status !== 'PROCESSING' && !mayBecome(job.status, 'PROCESSING')) return { ranges: 0 };
  const plan = (await readPlan(key, ports.files)) ?? (await makePlan(job, ports));
  const { asOf, ranges, nextSegmentOrdinal } = plan;
  const after: Job = {
    ...job,
    status: 'PROCESSING',
    updateTime: ports.now(),
    asOf,
    ranges,
    nextSegmentOrdinal,
    segmentationStart: job.segmentationStart ?? ports.now(),
    revision: job.revision + 1,
  };
  // Somebody cancelled it, or started it twice: read again.
  return (await ports.jobs.update(job, after)) ? { ranges } : planRanges(key, ports);
}

async function makePlan(job: Job, { files, rules, ranges, jobs, now }: PlanPorts): Promise<JobPlan> {
  const { artifact } = await rules.current(job.sandboxName);
  const earlier = await jobs.list(job.sandboxName, job.kind);
  const plan = planJob({ job, rules: artifact, earlier, ranges: rangesFor(await ranges.size()), now: now() });
  await keepPlan(job, plan, files);
  return plan;
}
