import { Problem } from '#shared/api/problem.ts';
import type { Job } from '#shared/batch/job.ts';
import type { JobPorts } from './ports.ts';

export const jobKey = (sandboxName: string, jobId: string) => ({ sandboxName, kind: 'segment', jobId }) as const;

export async function findJob(sandboxName: string, jobId: string, { jobs }: Pick<JobPorts, 'jobs'>): Promise<Job> {
  const job = await jobs.find(jobKey(sandboxName, jobId));
  if (job === undefined) throw new Problem('not-found', 'No segment job of this sandbox has this id.');
  return job;
}
