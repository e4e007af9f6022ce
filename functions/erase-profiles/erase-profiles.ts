/** Started once a minute: brings every open erasure on, as far as it gets. One that fails is tried again, and says so. */
import { advanceErasure, type ErasurePorts } from '#shared/privacy/advance-erasure.ts';
import type { ErasureJob, ErasureJobs } from '#shared/privacy/erasure-job.ts';

export interface ErasePorts extends ErasurePorts {
  readonly jobs: Pick<ErasureJobs, 'find' | 'listOpen' | 'update'>;
  readonly pause: () => Promise<void>;
  /** Of a job that failed: no text of it, for it may name somebody. */
  readonly failed: (error: unknown) => void;
}

/** How many are still open. */
export async function eraseProfiles(ports: ErasePorts, until: number): Promise<number> {
  for (;;) {
    const open = await ports.jobs.listOpen();
    for (const { sandboxName, jobId } of open) {
      const job = await ports.jobs.find(sandboxName, jobId);
      if (job !== undefined) await advance(job, ports);
    }
    if (open.length === 0 || ports.now() >= until) return open.length;
    await ports.pause();
  }
}

async function advance(job: ErasureJob, ports: ErasePorts): Promise<void> {
  try {
    await advanceErasure(job, ports);
  } catch (error) {
    ports.failed(error);
    const trouble = error instanceof Error ? error.name : 'unknown';
    const current = await ports.jobs.find(job.sandboxName, job.jobId);
    if (current === undefined || current.step === 'done') return;
    await ports.jobs.update(current, { ...current, status: 'ERROR', trouble, revision: current.revision + 1 });
  }
}
