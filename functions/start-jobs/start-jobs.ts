/**
 * Once a minute: starts the walk that a publish calls for, and holds every open job against its execution, so that none
 * waits for a process that died between two steps.
 */
import { type Backfill, type BackfillStore, isPassWanted, NO_BACKFILL, withPass } from '#shared/batch/backfill.ts';
import { isOpen, type Job, type JobKey, newJob } from '#shared/batch/job.ts';
import type { JobExecutions } from '#shared/batch/job-executions.ts';
import type { JobStore } from '#shared/batch/job-store.ts';
import type { PublishedSandboxes } from '#shared/segment/segment-store.ts';

export interface StartPorts {
  readonly jobs: JobStore;
  readonly backfills: BackfillStore;
  readonly sandboxes: PublishedSandboxes;
  readonly executions: JobExecutions;
  readonly newId: () => string;
  readonly now: () => number;
}

/** Whoever made the job is starting it just now. */
const YOUNG_MS = 60_000;

export async function startJobs(ports: StartPorts): Promise<void> {
  for (const { sandboxName, rulesVersion } of await ports.sandboxes.published()) {
    await startBackfill(sandboxName, rulesVersion, ports);
  }
  for (const key of await ports.jobs.listOpen()) await holdAgainstExecution(key, ports);
}

async function startBackfill(sandboxName: string, rulesVersion: number, ports: StartPorts): Promise<void> {
  const { backfills, jobs, newId, now } = ports;
  const before: Backfill | undefined = await backfills.find(sandboxName);
  const backfill = before ?? NO_BACKFILL;
  if (!isPassWanted(backfill, rulesVersion, now())) return;
  const { jobId } = backfill;
  const running = jobId === undefined ? undefined : await jobs.find({ sandboxName, kind: 'backfill', jobId });
  if (running !== undefined && isOpen(running)) return;
  const next = withPass(backfill, newId(), rulesVersion, now());
  if (!(await backfills.put(sandboxName, before, next))) return;
  const key: JobKey = { sandboxName, kind: 'backfill', jobId: next.jobId as string };
  const job = newJob(key, { segmentIds: '*', requestId: key.jobId, now: now() });
  if (await jobs.create(job)) await start(job, ports);
}

async function start(job: Job, { executions, jobs, now }: StartPorts): Promise<void> {
  await executions.start(job);
  if (job.status === 'QUEUED') return;
  await jobs.update(job, { ...job, status: 'QUEUED', updateTime: now(), revision: job.revision + 1 });
}

async function holdAgainstExecution(key: JobKey, ports: StartPorts): Promise<void> {
  const job = await ports.jobs.find(key);
  if (job === undefined || !isOpen(job) || ports.now() - job.updateTime < YOUNG_MS) return;
  const execution = await ports.executions.state(job);
  if (execution === 'running') return;
  if (execution === 'none' && (job.status === 'NEW' || job.status === 'QUEUED')) {
    await start(job, ports);
    return;
  }
  const isCancelled = job.status === 'CANCELLING';
  const errors = [{ code: 'execution-ended', msg: 'the execution ended without saying what became of the job' }];
  const end = isCancelled ? ({ status: 'CANCELLED' } as const) : ({ status: 'FAILED', errors } as const);
  const at = ports.now();
  await ports.jobs.update(job, { ...job, ...end, updateTime: at, endTime: at, revision: job.revision + 1 });
}
