import { expect, test } from 'vitest';
import { type Job, type JobKey, newJob } from '#shared/batch/job.ts';
import type { DonePart, JobStore } from '#shared/batch/job-store.ts';

const KEY: JobKey = { sandboxName: 'prod', kind: 'segment', jobId: 'job-1' };
const job = (more: Partial<Job> = {}): Job => ({
  ...newJob(KEY, { segmentIds: ['a', 'b'], requestId: 'request-1', now: 1000 }),
  ...more,
});
const next = (before: Job, more: Partial<Job>): Job => ({ ...before, ...more, revision: before.revision + 1 });
const keyOf = ({ sandboxName, kind, jobId }: Job): JobKey => ({ sandboxName, kind, jobId });
const part = (more: Partial<DonePart> = {}): DonePart => ({
  range: 3,
  from: null,
  next: 'p#7',
  file: 'x.json',
  ...more,
});
const idsOf = (jobs: readonly JobKey[]) => jobs.map(({ jobId }) => jobId).sort();

/** Run by one file per adapter. */
export function jobStoreContract(open: () => Promise<JobStore>): void {
  jobContract(open);
  listContract(open);
  partContract(open);
}

function jobContract(open: () => Promise<JobStore>): void {
  test('a job is found as it was made, by its sandbox, kind and id only', async () => {
    const store = await open();

    expect(await store.create(job())).toBe(true);

    expect(await store.find(KEY)).toEqual(job());
    for (const other of [{ sandboxName: 'dev' }, { kind: 'backfill' as const }, { jobId: 'job-2' }]) {
      expect(await store.find({ ...KEY, ...other })).toBeUndefined();
    }
  });

  test('an id is taken once, also by two at the same time', async () => {
    const store = await open();
    const both = ['request-1', 'request-2'].map((requestId) => job({ requestId }));

    const made = await Promise.all(both.map((each) => store.create(each)));

    expect([...made].sort()).toEqual([false, true]);
    expect(await store.find(KEY)).toEqual(both[made.indexOf(true)]);
    expect(await store.create(job({ requestId: 'request-3' }))).toBe(false);
  });

  test('of two changes of the same revision one is refused', async () => {
    const store = await open();
    await store.create(job());
    const both = [next(job(), { status: 'QUEUED' }), next(job(), { status: 'CANCELLING' })];

    const stored = await Promise.all(both.map((each) => store.update(job(), each)));

    expect([...stored].sort()).toEqual([false, true]);
    const winner = both[stored.indexOf(true)] as Job;
    expect(await store.find(KEY)).toEqual(winner);
    expect(await store.update(winner, next(winner, { attempt: 2 }))).toBe(true);
  });

  test('a job that was never made is not changed', async () => {
    const store = await open();

    expect(await store.update(job(), next(job(), { status: 'QUEUED' }))).toBe(false);
    expect(await store.find(KEY)).toBeUndefined();
    expect(await store.listOpen()).toEqual([]);
  });
}

function listContract(open: () => Promise<JobStore>): void {
  test('jobs are listed by sandbox and kind, ids that begin alike included', async () => {
    const store = await open();
    const others: Partial<Job>[] = [
      { jobId: 'job-11' },
      { jobId: 'job-2', kind: 'backfill' },
      { jobId: 'job-3', sandboxName: 'dev' },
    ];
    await Promise.all([{}, ...others].map((more) => store.create(job(more))));
    await store.claimPart(KEY, part());
    await store.reportProgress(KEY, { part: '3-start', profiles: 1, isDone: false });

    expect(idsOf(await store.list('prod', 'segment'))).toEqual(['job-1', 'job-11']);
    expect(idsOf(await store.list('prod', 'backfill'))).toEqual(['job-2']);
    expect(await store.list('dev', 'backfill')).toEqual([]);
  });

  test('those that something will still become of are listed for all sandboxes, until they are over', async () => {
    const store = await open();
    const dev = job({ sandboxName: 'dev', kind: 'backfill' });
    await store.create(job());
    await store.create(dev);
    expect(await store.listOpen()).toHaveLength(2);
    expect(await store.listOpen()).toEqual(expect.arrayContaining([KEY, keyOf(dev)]));

    const failed = next(job(), { status: 'FAILED' });
    await store.update(job(), failed);
    expect(await store.listOpen()).toEqual([keyOf(dev)]);

    const again = next(failed, { status: 'QUEUED', attempt: 2 });
    await store.update(failed, again);
    expect(await store.listOpen()).toEqual(expect.arrayContaining([KEY, keyOf(dev)]));
  });

  test('a change that is refused leaves the job among the open ones', async () => {
    const store = await open();
    const queued = next(job(), { status: 'QUEUED' });
    await store.create(job());
    await store.update(job(), queued);

    expect(await store.update(job(), next(job(), { status: 'FAILED' }))).toBe(false);

    expect(await store.listOpen()).toEqual([KEY]);
  });
}

function partContract(open: () => Promise<JobStore>): void {
  test('a part has the end that the first to say so gave it, whoever says otherwise later or at the same time', async () => {
    const store = await open();
    const claims = ['p#7', 'p#9', null].map((end, index) => part({ next: end, file: `${index}.json` }));

    const kept = await Promise.all(claims.map((claim) => store.claimPart(KEY, claim)));

    expect(new Set(kept.map(({ file }) => file)).size).toBe(1);
    expect(await store.claimPart(KEY, part({ next: 'p#1', file: 'late.json' }))).toEqual(kept[0]);
    expect(await store.findPart(KEY, 3, null)).toEqual(kept[0]);
  });

  test('parts are told apart by job, range and where they start', async () => {
    const store = await open();
    const parts = [part(), part({ range: 4, file: 'y.json' }), part({ from: 'p#7', next: null, file: 'z.json' })];
    for (const each of parts) await store.claimPart(KEY, each);

    expect(await Promise.all(parts.map(({ range, from }) => store.findPart(KEY, range, from)))).toEqual(parts);
    expect(await store.findPart({ ...KEY, jobId: 'job-2' }, 3, null)).toBeUndefined();
    expect(await store.findPart(KEY, 3, 'p#8')).toBeUndefined();
  });

  test('of each part the last word on its progress counts, and of no other job', async () => {
    const store = await open();
    const reports = [
      { part: '0-start', profiles: 10, isDone: false },
      { part: '1-start', profiles: 5, isDone: false },
      { part: '0-start', profiles: 30, isDone: true },
    ];
    for (const report of reports) await store.reportProgress(KEY, report);
    await store.reportProgress({ ...KEY, jobId: 'job-11' }, { part: '0-start', profiles: 99, isDone: true });

    const progress = await store.progress(KEY);

    expect([...progress].sort((left, right) => left.profiles - right.profiles)).toEqual(reports.slice(1));
  });
}
