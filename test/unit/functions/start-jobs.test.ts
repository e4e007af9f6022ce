/** What runs every minute: the walk after a publish, and jobs whose process died. */
import { expect, test } from 'vitest';
import { type StartPorts, startJobs } from '#functions/start-jobs/start-jobs.ts';
import { newJob } from '#shared/batch/job.ts';
import { BatchWorld } from '#test/support/batch-world.ts';
import { view } from '#test/support/write-path.ts';

const VIEWED = 'xEvent[eventType = "view"].count() >= 1';
const MINUTE = 60_000;

class Minutes extends BatchWorld {
  /** By attempt. */
  readonly executions = new Map<string, 'running' | 'ended'>();
  #walks = 0;

  startPorts(): StartPorts {
    const { jobs, backfills } = this;
    return {
      jobs,
      backfills,
      sandboxes: { published: async () => [{ sandboxName: 'prod', rulesVersion: this.rules.version }] },
      executions: {
        start: async ({ jobId, attempt }) => {
          this.started.push(`${jobId}-${attempt}`);
        },
        state: async ({ jobId, attempt }) => this.executions.get(`${jobId}-${attempt}`) ?? 'none',
      },
      newId: () => `walk-${++this.#walks}`,
      now: () => this.now,
    };
  }

  /** A minute later; the walk that it starts is over at once. */
  async minute(): Promise<void> {
    this.now += MINUTE;
    const before = this.started.length;
    await startJobs(this.startPorts());
    for (const name of this.started.slice(before)) {
      await this.run({ sandboxName: 'prod', kind: 'backfill', jobId: name.slice(0, -2) });
    }
  }

  backfill = () => this.backfills.find('prod');
}

async function worldBehind(): Promise<Minutes> {
  const world = new Minutes();
  world.define('first', VIEWED);
  for (let person = 0; person < 5; person++) {
    await world.process([world.record(view(`e${person}`, world.now, { CRMID: `c${person}` }))]);
  }
  world.define('second', VIEWED);
  return world;
}

test('a publish is followed by a walk that wakes those behind, and by one that sees nobody behind any more', async () => {
  const world = await worldBehind();
  await world.minute();
  expect(await world.backfill()).toMatchObject({ verifiedVersion: 0, behind: 5, profiles: 5, passes: 1 });
  expect(world.woken).toHaveLength(5);
  await world.wake();
  await world.minute();
  await world.minute();

  expect(await world.backfill()).toMatchObject({ verifiedVersion: world.rules.version, behind: 0 });
  const started = world.started.length;
  await world.minute();
  expect(world.started).toHaveLength(started);
  expect(world.people().every(({ state }) => state.memberships.get(2)?.status === 'realized')).toBe(true);
});

test('publishes that come during a walk are taken up by the next one, together', async () => {
  const world = await worldBehind();
  await world.minute();
  world.define('third', VIEWED);
  world.define('fourth', VIEWED);
  await world.wake();
  for (let minutes = 0; minutes < 3; minutes++) await world.minute();

  expect(await world.backfill()).toMatchObject({ verifiedVersion: 4 });
  expect(world.started.length).toBeLessThanOrEqual(4);
});

test('who stays behind is looked for ever more seldom, and who is parked is not waited for', async () => {
  const world = await worldBehind();
  for (let minutes = 0; minutes < 30; minutes++) await world.minute();
  expect(world.started.length).toBeLessThan(10);
  const { key, version } = world.first();
  for (const person of world.people()) {
    const isFirst = person.key.profileId === key.profileId;
    if (!isFirst) continue;
    const [, stored] = world.profiles.all().find(([each]) => each.profileId === key.profileId) ?? [];
    await world.profiles.write([
      { key, expectedVersion: version, rulesVersion: 1, state: stored?.state as Uint8Array, parked: true },
    ]);
  }
  await world.wake();
  for (let minutes = 0; minutes < 60; minutes++) await world.minute();

  expect(await world.backfill()).toMatchObject({ verifiedVersion: 2, behind: 0 });
});

test('what a walk sees within the minute in which older rules may still be at work is not believed', async () => {
  const world = await worldBehind();
  await world.process(world.people().map(({ key }) => world.record({ recordType: 'rebuild', ...key })));
  await world.minute();
  expect(await world.backfill()).toMatchObject({ behind: 0, verifiedVersion: 0 });
  await world.minute();
  await world.minute();

  expect(await world.backfill()).toMatchObject({ behind: 0, verifiedVersion: 2 });
});

test('a job that was made and never started is started; one whose execution ended silently has failed', async () => {
  const world = new Minutes();
  const keys = ['made', 'lost', 'running', 'young'].map(
    (jobId) => ({ sandboxName: 'prod', kind: 'segment', jobId }) as const,
  );
  for (const key of keys.slice(0, 3)) {
    await world.jobs.create(newJob(key, { segmentIds: '*', requestId: '', now: world.now }));
  }
  world.executions.set('lost-1', 'ended').set('running-1', 'running');
  world.now += 2 * MINUTE;
  const young = keys[3] as (typeof keys)[number];
  await world.jobs.create(newJob(young, { segmentIds: '*', requestId: '', now: world.now }));
  await startJobs(world.startPorts());

  expect(world.started.filter((name) => !name.startsWith('walk'))).toEqual(['made-1']);
  const statuses = await Promise.all(keys.map(async (key) => (await world.jobs.find(key))?.status));
  expect(statuses).toEqual(['QUEUED', 'FAILED', 'NEW', 'NEW']);
});

test('the walk that sees nobody behind leaves the size of every definition, one that sees somebody behind leaves none', async () => {
  const world = await worldBehind();
  await world.minute();
  expect(await world.sizes.newest('prod', 'second', 10)).toEqual([]);
  await world.wake();
  await world.minute();
  await world.minute();

  expect((await world.sizes.newest('prod', 'second', 10)).map(({ members }) => members)).toEqual([5]);
});
