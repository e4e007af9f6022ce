/** A segment job from its plan to its result, over profiles that streaming evaluation wrote. */
import { expect, test } from 'vitest';
import { finishJob } from '#functions/finish-job/finish-job.ts';
import type { Job, JobKey } from '#shared/batch/job.ts';
import { type JobResult, readResult } from '#shared/batch/job-store.ts';
import { type MembersPage, membersIn } from '#shared/batch/members.ts';
import { decodeState, encodeState, type Membership } from '#shared/profile/profile-state.ts';
import { BatchWorld } from '#test/support/batch-world.ts';
import { START, view } from '#test/support/write-path.ts';

const VIEWED = 'xEvent[eventType = "view"].count() >= 1';
const LATELY = 'xEvent[eventType = "view" and timestamp occurs < 1 hours before now].count() >= 1';
const HOUR = 3_600_000;

/** People 0 to n - 1, each with one view. */
async function worldOf(people: number): Promise<BatchWorld> {
  const world = new BatchWorld();
  world.define('viewed', VIEWED);
  world.define('lately', LATELY);
  await see(world, 0, people);
  return world;
}

async function see(world: BatchWorld, from: number, to: number): Promise<void> {
  for (let person = from; person < to; person++) {
    await world.process([world.record(view(`e${person}-${world.now}`, world.now, { CRMID: `c${person}` }))]);
  }
}

const resultOf = async (world: BatchWorld, key: JobKey) => (await readResult(key, world.files)) as JobResult;

async function statusesOf(world: BatchWorld, key: JobKey) {
  const { totals } = await resultOf(world, key);
  return Object.values(totals.definitions).map(({ realized, existing, exited }) => [realized, existing, exited]);
}

test('a job counts everybody once, however the table is shared out and however small the pages are', async () => {
  for (const [ranges, itemsPerPage, profilesPerSlice] of [
    [1, 100, 100],
    [3, 4, 10],
    [7, 1, 1],
  ] as const) {
    const world = await worldOf(40);
    world.ranges = ranges;
    Object.assign(world.settings, { itemsPerPage, profilesPerSlice });
    const key = await world.create();

    expect(await world.run(key)).toMatchObject({ status: 'SUCCEEDED', errors: [], ranges });
    expect((await resultOf(world, key)).totals).toMatchObject({ profiles: 40, behind: 0, drifted: 0, failed: 0 });
    expect(await statusesOf(world, key)).toEqual([
      [40, 0, 0],
      [40, 0, 0],
    ]);
  }
});

test('who is in since before the last successful job is existing, who left since is exited', async () => {
  const world = await worldOf(10);
  await world.run(await world.create());
  world.now += 2 * HOUR;
  await see(world, 5, 12);
  const second = await world.create();
  await world.run(second);

  expect(await statusesOf(world, second)).toEqual([
    [2, 10, 0],
    [7, 0, 5],
  ]);
});

test('a job that failed is not what the next one compares with', async () => {
  const world = await worldOf(4);
  const failed = await world.create();
  await world.plan(failed);
  world.now += 1000;
  await finishJob(
    { ...failed, attempt: 1, failure: { Error: 'States.TaskFailed', Cause: '{"errorMessage":"no"}' } },
    world.finishPorts(),
  );
  const second = await world.create();
  await world.run(second);

  expect(await world.jobs.find(failed)).toMatchObject({
    status: 'FAILED',
    errors: [{ code: 'States.TaskFailed', msg: 'no' }],
  });
  expect((await statusesOf(world, second))[0]).toEqual([4, 0, 0]);
});

test('time that nobody has noticed yet counts as of the instant of the job', async () => {
  const world = await worldOf(3);
  world.now += 2 * HOUR;
  const key = await world.create();
  await world.run(key);

  expect(await statusesOf(world, key)).toEqual([
    [3, 0, 0],
    [0, 0, 3],
  ]);
});

test('only the definitions that were asked for are counted, by each namespace of their members', async () => {
  const world = await worldOf(3);
  await world.process([world.record(view('e', world.now, { CRMID: 'c0', Email: 'a@b' }))]);
  const key = await world.create('segment', ['viewed']);
  await world.run(key);
  const { totals, segmentIds } = await resultOf(world, key);

  expect(segmentIds).toEqual({ 1: 'viewed' });
  expect(Object.keys(totals.definitions)).toEqual(['1']);
  expect(totals.definitions[1]?.byNamespace).toEqual({ CRMID: 3, Email: 1 });
});

test('what is stored and not so is counted as drift, not written by the job, and put right by the stream', async () => {
  const world = await worldOf(4);
  const { key, version, state } = world.first();
  const exited: Membership = { status: 'exited', lastQualificationTime: START };
  const memberships = new Map([...state.memberships, [1, exited] as const]);
  const drifted = encodeState({ ...state, memberships });
  await world.profiles.write([{ key, expectedVersion: version, rulesVersion: state.rulesVersion, state: drifted }]);
  const writes = world.profiles.log.length;
  const job = await world.create();
  await world.run(job);

  expect((await resultOf(world, job)).totals).toMatchObject({ drifted: 1, drifts: 1 });
  expect((await statusesOf(world, job))[0]).toEqual([4, 0, 0]);
  expect(world.profiles.log.length).toBe(writes);
  expect(world.woken).toEqual([`{"recordType":"batch","sandboxName":"prod","profileId":"${key.profileId}"}`]);
  await world.wake();
  expect(world.first().state.memberships.get(1)?.status).toBe('realized');
});

test('who has not followed the rules yet is counted as they say, and woken', async () => {
  const world = await worldOf(3);
  world.define('also', 'xEvent[eventType = "view"].count() = 1');
  const job = await world.create();
  await world.run(job);

  expect((await resultOf(world, job)).totals).toMatchObject({ behind: 3, drifted: 0 });
  expect((await statusesOf(world, job))[2]).toEqual([3, 0, 0]);
  expect(world.woken).toHaveLength(3);
});

test('the members of each definition stand in the bucket, page by page', async () => {
  const world = await worldOf(25);
  world.define('nobody', 'xEvent[eventType = "buy"].count() >= 1');
  const job = await world.create();
  await world.run(job);
  const { totals } = await resultOf(world, job);
  const pages = await Promise.all(totals.members.map((name) => world.files.read(name) as Promise<MembersPage>));
  const membersOf = (ordinal: number) => pages.flatMap((page) => membersIn(page, ordinal));

  expect([...membersOf(1)].sort()).toEqual(
    world
      .people()
      .map(({ key }) => key.profileId)
      .sort(),
  );
  expect(membersOf(3)).toEqual([]);
});

test('a job that is cut down anywhere and goes on ends in the result of one that was not', async () => {
  const whole = await worldOf(30);
  const uncut = await whole.create();
  await whole.run(uncut);
  const expected = await resultOf(whole, uncut);

  for (let calls = 1; calls < 8; calls++) {
    const world = await worldOf(30);
    const job = await world.create();
    let left = calls;
    const page = world.rangePorts().ranges.page.bind(world.rangePorts().ranges);
    const failing = world.rangePorts({
      ranges: {
        size: async () => 0,
        page: (...args) => (left-- > 0 ? page(...args) : Promise.reject(new Error('throttled'))),
      },
    });
    await expect(world.run(job, failing)).rejects.toThrow('throttled');
    world.now += HOUR / 2;
    await world.run(job);
    const { totals } = await resultOf(world, job);

    expect(totals.definitions).toEqual(expected.totals.definitions);
    expect(totals.members).toEqual(expected.totals.members);
    expect(totals.profiles).toBe(30);
  }
});

test('a part that was done is not done again', async () => {
  const world = await worldOf(10);
  const job = await world.create();
  await world.plan(job);
  await world.evaluate(job, 0);
  const none = world.rangePorts({
    ranges: { size: async () => 0, page: () => Promise.reject(new Error('nobody should ask')) },
  });

  await world.evaluate(job, 0, none);
});

test('a cancelled job stops at its next page and ends as CANCELLED', async () => {
  const world = await worldOf(20);
  const job = await world.create();
  await world.plan(job);
  const current = await world.jobs.find(job);
  if (current === undefined) throw new Error('no job');
  await world.jobs.update(current, { ...current, status: 'CANCELLING', revision: current.revision + 1 });
  let pages = 0;
  const ports = world.rangePorts();
  const counting = world.rangePorts({
    ranges: {
      size: async () => 0,
      page: (...args) => {
        pages += 1;
        world.now += 10_000;
        return ports.ranges.page(...args);
      },
    },
  });
  await world.evaluate(job, 0, counting);
  await finishJob({ ...job, attempt: 1 }, world.finishPorts());

  expect(pages).toBe(1);
  expect(await world.jobs.find(job)).toMatchObject({ status: 'CANCELLED' });
});

test('a profile that cannot be read costs the job that profile, and is told', async () => {
  const world = await worldOf(3);
  const { key, version, state } = world.first();
  const broken = encodeState(state).fill(250, 0, 1);
  await world.profiles.write([{ key, expectedVersion: version, rulesVersion: 1, state: broken }]);
  const job = await world.create();

  expect((await world.run(job)).errors).toEqual([
    { code: 'profiles-not-evaluated', msg: '1 profiles could not be evaluated' },
  ]);
  expect((await statusesOf(world, job))[0]).toEqual([2, 0, 0]);
});

test('a definition that changes while the job runs is named', async () => {
  const world = await worldOf(3);
  const job = await world.create();
  await world.plan(job);
  world.artifact = undefined;
  world.define('viewed', VIEWED);
  for (let range = 0; range < world.ranges; range++) await world.evaluate(job, range);
  await finishJob({ ...job, attempt: 1 }, world.finishPorts());

  expect((await world.jobs.find(job))?.errors.map(({ code, msg }) => [code, msg])).toEqual([
    ['definition-changed', 'the definition lately was changed or withdrawn while the job ran: its counts are of both'],
  ]);
});

test('state that a job looks at stays as it was', async () => {
  const world = await worldOf(5);
  const before = world.profiles.all().map(([, { state }]) => Buffer.from(state).toString('hex'));
  await world.run(await world.create());

  expect(world.profiles.all().map(([, { state }]) => Buffer.from(state).toString('hex'))).toEqual(before);
  expect(decodeState(world.profiles.all()[0]?.[1].state as Uint8Array).memberships.size).toBe(2);
});

test('a job decides scheduled definitions: beside the profile first, then through the one writer, dependents included', async () => {
  const world = await worldOf(6);
  world.define('often', 'xEvent[eventType = "view"].count() >= 2', { kind: 'scheduled' });
  world.define('follows', 'inSegment("often")');
  await see(world, 2, 4);
  world.now += 1000;
  await see(world, 2, 4);
  const job = await world.create();
  await world.run(job);

  const memberships = () =>
    world.people().map(({ state }) => [3, 4].map((each) => state.memberships.get(each)?.status));
  expect(memberships().flat()).toEqual(Array.from({ length: 12 }, () => undefined));
  expect((await resultOf(world, job)).totals).toMatchObject({ decided: 2, drifted: 0 });
  expect((await statusesOf(world, job))[2]).toEqual([2, 0, 0]);
  await world.wake();
  expect(memberships().filter(([often, follows]) => often === 'realized' && follows === 'realized')).toHaveLength(2);
});

test('a scheduled definition is left when a later job says so, and a job that finds nothing new wakes nobody', async () => {
  const world = await worldOf(4);
  world.define('lately twice', LATELY, { kind: 'scheduled' });
  await world.run(await world.create());
  await world.wake();
  await world.run(await world.create());
  expect(world.woken).toEqual([]);
  world.now += 2 * HOUR;
  await world.run(await world.create());
  expect(world.woken).toHaveLength(4);
  await world.wake();

  expect(world.people().map(({ state }) => state.memberships.get(3)?.status)).toEqual(
    Array.from({ length: 4 }, () => 'exited'),
  );
});

test('of two jobs that overlap the newer one decides, whichever comes to a profile last', async () => {
  const world = await worldOf(4);
  world.define('lately', LATELY, { kind: 'scheduled' });
  const older = await world.create();
  await world.plan(older);
  world.now += 2 * HOUR;
  const newer = await world.create();
  await world.plan(newer);
  for (let range = 0; range < world.ranges; range++) await world.evaluate(newer, range);
  for (let range = 0; range < world.ranges; range++) await world.evaluate(older, range);
  await world.wake();

  const lately = world.people().map(({ state }) => state.memberships.get(2)?.status);
  expect(lately.every((status) => status !== 'realized')).toBe(true);
});

test('what an attempt still does when the next one has begun counts for nothing', async () => {
  const world = await worldOf(6);
  const job = await world.create();
  await world.plan(job);
  const first = await world.attemptAt(job);
  await finishJob({ ...first, failure: { Error: 'Lost', Cause: '' } }, world.finishPorts());
  const failed = (await world.jobs.find(job)) as Job;
  const next: Job = { ...failed, status: 'QUEUED', attempt: 2, errors: [], revision: failed.revision + 1 };
  await world.jobs.update(failed, next);
  await finishJob({ ...first, failure: { Error: 'Late', Cause: '' } }, world.finishPorts());

  expect(await world.run(job)).toMatchObject({ status: 'SUCCEEDED', attempt: 2 });
  expect((await resultOf(world, job)).totals.profiles).toBe(6);
});
