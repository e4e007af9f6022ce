/** A definition that is deleted while a job or a walk is under way: nobody is left in it, and nothing brings it back. */
import { expect, test } from 'vitest';
import { finishJob } from '#functions/finish-job/finish-job.ts';
import { startJobs } from '#functions/start-jobs/start-jobs.ts';
import { type Job, type JobKey, newJob } from '#shared/batch/job.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules } from '#shared/segment/rules.ts';
import { BatchWorld } from '#test/support/batch-world.ts';
import { ExportsWorld } from '#test/support/exports-world.ts';
import { view } from '#test/support/write-path.ts';

const VIEWED = 'xEvent[eventType = "view"].count() >= 1';
const PEOPLE = 9;

class DeletingWorld extends BatchWorld {
  delete(id: string): void {
    this.artifact = buildRules(this.artifact, { kind: 'delete', id });
    this.rules = compileRules(this.artifact);
  }

  async see(): Promise<void> {
    for (let person = 0; person < PEOPLE; person++) {
      await this.process([this.record(view(`e${person}`, this.now, { CRMID: `c${person}` }))]);
    }
  }

  /** Up to half of the table before, the rest after. */
  async runAround(key: JobKey, change: () => void): Promise<Job> {
    const ranges = await this.plan(key);
    for (let range = 0; range < ranges; range++) {
      if (range === 1) change();
      await this.evaluate(key, range);
    }
    return this.finish(key);
  }

  async finish(key: JobKey): Promise<Job> {
    await finishJob(await this.attemptAt(key), this.finishPorts());
    return (await this.jobs.find(key)) as Job;
  }

  /** By ordinal of the definition, how many are in it as stored. */
  members(ordinal: number): number {
    return this.people().filter(({ state }) => state.memberships.get(ordinal)?.status === 'realized').length;
  }

  /** What subscribers hold of whom: the last that they were told. */
  told(): readonly string[] {
    const last = new Map(this.changes().map(([profileId, status]) => [profileId, status]));
    return [...last.values()].map(String);
  }
}

const errorOf = (id: string) => ({ code: 'definition-changed', msg: expect.stringContaining(id) });

test('a segment job goes on without it, says so, and gives it no size', async () => {
  const world = new DeletingWorld();
  world.define('viewed', VIEWED);
  world.define('kept', VIEWED);
  await world.see();

  const job = await world.runAround(await world.create(), () => world.delete('viewed'));

  expect(job).toMatchObject({ status: 'SUCCEEDED', errors: [errorOf('viewed')] });
  expect(await world.sizes.newest('prod', 'viewed', 1)).toEqual([]);
  expect(await world.sizes.newest('prod', 'kept', 1)).toMatchObject([{ members: PEOPLE }]);
});

test('its members leave, each by a published change, though the job found them in it', async () => {
  const world = new DeletingWorld();
  world.define('viewed', VIEWED);
  await world.see();
  await world.runAround(await world.create(), () => world.delete('viewed'));

  // Whom the job read after the deletion it has told to follow the rules; the walk tells the others.
  const walk = await world.create('backfill');
  await world.run(walk);
  await world.wake();

  expect(world.members(1)).toBe(0);
  expect(world.told()).toEqual(Array.from({ length: PEOPLE }, () => 'exited'));
});

test('what a job decided of a scheduled definition makes nobody a member once it is gone', async () => {
  const world = new DeletingWorld();
  world.define('often', VIEWED, { kind: 'scheduled' });
  await world.see();
  await world.runAround(await world.create(), () => world.delete('often'));
  expect(world.woken.length).toBeGreaterThan(0);

  await world.wake();

  expect(world.members(1)).toBe(0);
  expect(world.changes()).toEqual([]);
});

test('a process that still goes by the older rules lets people in; the walk has every one of them leave', async () => {
  const world = new DeletingWorld();
  world.define('often', VIEWED, { kind: 'scheduled' });
  await world.see();
  const older = world.rules;
  await world.run(await world.create());
  world.delete('often');
  const late = world.woken.splice(0).map((line) => world.record(line));
  await world.process(late, { rules: { current: async () => older } });
  expect(world.members(1)).toBe(PEOPLE);

  await world.run(await world.create('backfill'));
  await world.wake();
  const { failures } = await world.process(late, { rules: { current: async () => older } });

  // State of newer rules waits for a process that has them.
  expect(failures).toHaveLength(PEOPLE);
  expect(world.members(1)).toBe(0);
  expect(world.told()).toEqual(Array.from({ length: PEOPLE }, () => 'exited'));
});

test('published anew under the same id it owes nothing to what the job found of the old one', async () => {
  const world = new DeletingWorld();
  world.define('often', VIEWED, { kind: 'scheduled' });
  await world.see();

  const job = await world.runAround(await world.create(), () => {
    world.delete('often');
    world.define('often', 'xEvent[eventType = "view"].count() >= 2', { kind: 'scheduled' });
  });
  await world.wake();

  expect(job.errors).toEqual([errorOf('often')]);
  expect(await world.sizes.newest('prod', 'often', 1)).toEqual([]);
  expect([world.members(1), world.members(2)]).toEqual([0, 0]);
});

test('who is named by an upload belongs to no audience that is gone', async () => {
  const world = new DeletingWorld();
  world.define('vips', '', { kind: 'external' });
  await world.see();
  const key: JobKey = { sandboxName: 'prod', kind: 'upload', jobId: 'upload-1' };
  const validUntil = world.now + 1_000_000;
  const members = Object.fromEntries(Array.from({ length: PEOPLE }, (_, person) => [`c${person}`, validUntil]));
  await world.files.put('uploaded', { members });
  const counts = { rows: PEOPLE, bytes: 0 };
  const upload = { audienceId: 'vips', namespace: 'CRMID', file: 'uploaded', at: world.now, ...counts } as never;
  await world.jobs.create({ ...newJob(key, { segmentIds: ['vips'], requestId: 'r', now: world.now }), upload });

  const job = await world.runAround(key, () => world.delete('vips'));
  await world.wake();

  expect(job).toMatchObject({ status: 'SUCCEEDED', errors: [errorOf('vips')] });
  expect(world.members(1)).toBe(0);
  expect(world.changes()).toEqual([]);
});

test('a job that was asked for it alone, and planned after it was gone, says that nothing was counted', async () => {
  const world = new DeletingWorld();
  world.define('viewed', VIEWED);
  await world.see();
  const key = await world.create('segment', ['viewed']);
  world.delete('viewed');

  const job = await world.run(key);

  expect(job).toMatchObject({ status: 'SUCCEEDED', errors: [errorOf('viewed')] });
  expect(await world.sizes.newest('prod', 'viewed', 1)).toEqual([]);
});

test('a walk under way when it is deleted shows nothing of the deletion, and the next one is started for it', async () => {
  const world = new DeletingWorld();
  world.define('viewed', VIEWED);
  await world.see();
  const started = async () =>
    startJobs({
      jobs: world.jobs,
      backfills: world.backfills,
      sandboxes: { published: async () => [{ sandboxName: 'prod', rulesVersion: world.rules.version }] },
      executions: { start: async () => {}, state: async () => 'running' },
      newId: () => `walk-${world.rules.version}-${world.now}`,
      now: () => world.now,
    });
  const openWalk = async () => (await world.jobs.listOpen()).find(({ kind }) => kind === 'backfill') as JobKey;
  await started();
  await world.runAround(await openWalk(), () => world.delete('viewed'));
  const verified = async () => (await world.backfills.find('prod'))?.verifiedVersion ?? 0;
  expect(await verified()).toBeLessThan(world.rules.version);

  for (let passes = 0; passes < 4 && (await verified()) < world.rules.version; passes++) {
    await world.wake();
    world.now += 3_600_000;
    await started();
    const walk = await openWalk();
    if (walk) await world.run(walk);
  }

  expect(await verified()).toBe(world.rules.version);
  expect(world.members(1)).toBe(0);
  expect(world.told()).toEqual(Array.from({ length: PEOPLE }, () => 'exited'));
});

test('an export of its members fails: it has no manifest, rather than some of them', async () => {
  const world = new ExportsWorld();
  world.define('viewed', VIEWED);
  for (let person = 0; person < PEOPLE; person++) {
    await world.process([world.record(view(`e${person}`, world.now, { CRMID: `c${person}` }))]);
  }
  const filter = { segments: [{ segmentId: 'viewed' }] };
  const id = await world.start({ filter, destination: { format: 'jsonl' } });
  const key: JobKey = { sandboxName: 'prod', kind: 'export', jobId: id };
  await world.plan(key);
  await world.evaluate(key, 0);

  world.publish({ kind: 'delete', id: 'viewed' });
  for (let range = 1; range < world.ranges; range++) await world.evaluate(key, range);
  await finishJob(await world.attemptAt(key), world.finishPorts());

  expect(await world.jobs.find(key)).toMatchObject({ status: 'FAILED', errors: [errorOf('viewed')] });
  expect([...world.exports.contents.keys()].filter((name) => name.endsWith('manifest.json'))).toEqual([]);
});
