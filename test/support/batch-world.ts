/** Jobs over stores in memory, carried out by a loop in place of a state machine. */
import { evaluateRange } from '#functions/evaluate-range/evaluate-range.ts';
import type { RangePorts } from '#functions/evaluate-range/ports.ts';
import { type FinishPorts, finishJob } from '#functions/finish-job/finish-job.ts';
import { planRanges } from '#functions/plan-ranges/plan-ranges.ts';
import type { JobPorts } from '#functions/segment-jobs-api/ports.ts';
import { type Job, type JobKey, type JobRun, newJob, runOf } from '#shared/batch/job.ts';
import { wakeUpLines } from '#shared/batch/wake-ups.ts';
import { MemoryExportFiles } from '#shared/memory/memory-export-files.ts';
import {
  MemoryBackfillStore,
  MemoryJobFiles,
  MemoryJobStore,
  MemoryProfileRanges,
  MemorySizeStore,
} from '#shared/memory/memory-job-stores.ts';
import { RETENTION_MS, WritePath } from './write-path.ts';

export class BatchWorld extends WritePath {
  readonly jobs = new MemoryJobStore();
  readonly files = new MemoryJobFiles();
  readonly backfills = new MemoryBackfillStore();
  readonly exports = new MemoryExportFiles();
  readonly sizes = new MemorySizeStore();
  /** Lines of wake-up records that are in the stream. */
  readonly woken: string[] = [];
  readonly started: string[] = [];
  readonly settings = { retentionMs: RETENTION_MS, profilesPerSlice: 10, itemsPerPage: 4 };
  ranges = 3;
  #jobs = 0;

  rangePorts(changed: Partial<RangePorts> = {}): RangePorts {
    const { jobs, files, history, profiles } = this;
    return {
      jobs,
      profiles,
      files,
      history,
      rules: { current: async () => this.rules },
      ranges: new MemoryProfileRanges(this.profiles),
      results: this.profiles.batch,
      exports: this.exports,
      wakeUps: {
        send: async (cause, keys) => {
          this.woken.push(...wakeUpLines(cause, keys).flatMap((record) => record.map(({ line }) => line)));
        },
      },
      reads: { take: async () => {} },
      sends: { take: async () => {} },
      now: () => this.now,
      nanoseconds: () => 0n,
      mustEnd: () => false,
      ...changed,
    };
  }

  finishPorts(changed: Partial<FinishPorts> = {}): FinishPorts {
    const { jobs, files, backfills, sizes, exports } = this;
    return {
      jobs,
      files,
      backfills,
      sizes,
      exports,
      rules: { current: async () => this.rules },
      now: () => this.now,
      ...changed,
    };
  }

  apiPorts(): JobPorts {
    const { jobs, files, sizes } = this;
    return {
      jobs,
      files,
      sizes,
      rules: { current: async () => this.rules },
      definitions: { find: async () => undefined },
      executions: {
        start: async ({ jobId, attempt }) => {
          this.started.push(`${jobId}-${attempt}`);
        },
      },
      newId: () => `job-${++this.#jobs}`,
      now: () => this.now,
    };
  }

  async create(kind: JobKey['kind'] = 'segment', segmentIds: Job['segmentIds'] = '*'): Promise<JobKey> {
    const key: JobKey = { sandboxName: 'prod', kind, jobId: `job-${++this.#jobs}` };
    await this.jobs.create(newJob(key, { segmentIds, requestId: 'r', now: this.now }));
    return key;
  }

  async plan(key: JobKey): Promise<number> {
    const size = async () => this.ranges * 20_000;
    const ports = { ...this.rangePorts(), ...this.finishPorts(), jobs: this.jobs, ranges: { size } };
    return (await planRanges(await this.attemptAt(key), ports)).ranges;
  }

  async evaluate(key: JobKey, range: number, ports = this.rangePorts()): Promise<void> {
    const run = await this.attemptAt(key);
    const { plan = '' } = (await this.jobs.find(key)) as Job;
    let from: string | null = null;
    do {
      ({ next: from } = await evaluateRange({ ...run, plan, range, from }, ports, this.settings));
    } while (from !== null);
  }

  /** The one under way. */
  async attemptAt(key: JobKey): Promise<JobRun> {
    return runOf((await this.jobs.find(key)) as Job);
  }

  /** As the state machine does. */
  async run(key: JobKey, ports = this.rangePorts()): Promise<Job> {
    const ranges = await this.plan(key);
    for (let range = 0; range < ranges; range++) await this.evaluate(key, range, ports);
    await finishJob(await this.attemptAt(key), this.finishPorts());
    return (await this.jobs.find(key)) as Job;
  }

  /** Everything that was woken is looked at. */
  async wake(): Promise<void> {
    await this.process(this.woken.splice(0).map((line) => this.record(line)));
  }
}
