/**
 * `node job-process.ts FILE FOLDER RANGES SEED [SLICES]`: a segment job over the profiles of a file, in a process of its own.
 * What it leaves is in the folder, as in the bucket. With SLICES it kills itself after so many; started again it goes on.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { evaluateRange } from '#functions/evaluate-range/evaluate-range.ts';
import { finishJob } from '#functions/finish-job/finish-job.ts';
import { planRanges } from '#functions/plan-ranges/plan-ranges.ts';
import { type JobKey, newJob } from '#shared/batch/job.ts';
import { type DonePart, type JobFiles, readResult, sliceName } from '#shared/batch/job-store.ts';
import { MemoryBatchResults } from '#shared/memory/memory-batch-results.ts';
import { MemoryExportFiles } from '#shared/memory/memory-export-files.ts';
import { MemoryBackfillStore, MemoryJobStore, MemorySizeStore } from '#shared/memory/memory-job-stores.ts';
import { publish } from '../rules.ts';
import { makeSegments } from '../workload/segments.ts';
import { ProfileFile, SANDBOX } from './profile-file.ts';
import { AS_OF, DEFINITIONS, RETENTION_MS } from './settings.ts';

const [path = '', folder = '', ranges = '8', seed = '1', slices] = process.argv.slice(2);
const PROFILES_PER_RANGE = 20_000;

class FolderFiles implements JobFiles {
  async read(name: string): Promise<unknown> {
    const file = join(folder, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }

  async put(name: string, content: object): Promise<void> {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }
}

/** Which parts are done outlives the process, as in the table. */
class FolderJobs extends MemoryJobStore {
  readonly #files = new FolderFiles();
  readonly #name = (range: number, from: string | null) => `done/${sliceName(range, from)}.json`;

  override async claimPart(_key: JobKey, part: DonePart): Promise<DonePart> {
    await this.#files.put(this.#name(part.range, part.from), part);
    return part;
  }

  override async findPart(_key: JobKey, range: number, from: string | null): Promise<DonePart | undefined> {
    return (await this.#files.read(this.#name(range, from))) as DonePart | undefined;
  }
}

const file = new ProfileFile(path);
const rules = publish(makeSegments(DEFINITIONS, { seed: Number(seed) + 41 }));
const key = { sandboxName: SANDBOX, kind: 'segment', jobId: 'check', attempt: 1 } as const;
let woken = 0;
let slicesLeft = slices === undefined ? Number.POSITIVE_INFINITY : Number(slices);
const ports = {
  jobs: new FolderJobs(),
  files: new FolderFiles(),
  rules: { current: async () => rules },
  ranges: file,
  profiles: { read: file.find.bind(file) },
  history: file,
  results: new MemoryBatchResults(),
  backfills: new MemoryBackfillStore(),
  sizes: new MemorySizeStore(),
  exports: new MemoryExportFiles(),
  wakeUps: {
    send: async (_cause: string, keys: readonly unknown[]) => {
      woken += keys.length;
    },
  },
  reads: { take: async () => {} },
  sends: { take: async () => {} },
  now: () => AS_OF,
  nanoseconds: () => process.hrtime.bigint(),
  mustEnd: () => false,
};
const settings = { retentionMs: RETENTION_MS, profilesPerSlice: 5_000, itemsPerPage: 200 };

async function evaluate(range: number): Promise<void> {
  let from: string | null = null;
  do {
    if (slicesLeft === 0) process.kill(process.pid, 'SIGKILL');
    slicesLeft -= 1;
    ({ next: from } = await evaluateRange({ ...key, plan: planned.plan, range, from }, ports, settings));
  } while (from !== null);
}

await ports.jobs.create(newJob(key, { segmentIds: '*', requestId: 'check', now: AS_OF }));
const size = async () => Number(ranges) * PROFILES_PER_RANGE;
const planned = await planRanges(key, { ...ports, ranges: { size } });
const started = process.cpuUsage();
for (let range = 0; range < planned.ranges; range++) await evaluate(range);
const { user, system } = process.cpuUsage(started);
const { status } = await finishJob(key, ports);
const result = await readResult(key, ports.files);
const { totals } = result ?? {};
const counts = Object.fromEntries(
  Object.entries(totals?.definitions ?? {}).map(([ordinal, { realized, existing }]) => [ordinal, realized + existing]),
);
const { definitions: _definitions, members, ...sums } = totals ?? { members: [], definitions: {} };
process.stdout.write(
  JSON.stringify({
    status,
    ...sums,
    woken,
    memberPages: members.length,
    counts,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
file.close();
