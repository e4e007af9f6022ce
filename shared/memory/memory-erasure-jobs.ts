import type { ErasureJob, ErasureJobs, ErasurePage } from '#shared/privacy/erasure-job.ts';
import { isOpenErasure } from '#shared/privacy/erasure-job.ts';

const nameOf = ({ sandboxName, jobId }: Pick<ErasureJob, 'sandboxName' | 'jobId'>) => `${sandboxName}#${jobId}`;

/** Erasure jobs for tests and the simulator. */
export class MemoryErasureJobs implements ErasureJobs {
  readonly #jobs = new Map<string, ErasureJob>();

  async create(job: ErasureJob): Promise<boolean> {
    if (this.#jobs.has(nameOf(job))) return false;
    this.#jobs.set(nameOf(job), job);
    return true;
  }

  async find(sandboxName: string, jobId: string): Promise<ErasureJob | undefined> {
    return this.#jobs.get(nameOf({ sandboxName, jobId }));
  }

  async list(
    sandboxName: string,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<ErasurePage> {
    const all = [...this.#jobs.values()].filter((job) => job.sandboxName === sandboxName);
    const sorted = all.sort((left, right) => (left.jobId < right.jobId ? 1 : -1));
    const rest = sorted.filter(({ jobId }) => after === undefined || jobId < after);
    const jobs = rest.slice(0, limit);
    return { jobs, next: rest.length > limit ? jobs.at(-1)?.jobId : undefined };
  }

  async listOpen(): Promise<readonly Pick<ErasureJob, 'sandboxName' | 'jobId'>[]> {
    return [...this.#jobs.values()].filter(isOpenErasure);
  }

  async update(before: ErasureJob, after: ErasureJob): Promise<boolean> {
    if (this.#jobs.get(nameOf(before))?.revision !== before.revision) return false;
    this.#jobs.set(nameOf(before), after);
    return true;
  }
}
