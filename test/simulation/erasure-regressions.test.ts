/** What the simulator found of erasures, cut down to the least that shows it. */
import { expect, test } from 'vitest';
import { unmergeProfile } from '#functions/operations-api/unmerge-profile.ts';
import { MemoryErasureJobs } from '#shared/memory/memory-erasure-jobs.ts';
import { advanceErasure } from '#shared/privacy/advance-erasure.ts';
import { clearHistory } from '#shared/privacy/clear-history.ts';
import { newErasure } from '#shared/privacy/new-erasure.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import { isSomebody } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { RETENTION_MS, view, WritePath } from '#test/support/write-path.ts';

const phone = { Phone: 'p1' };
const desk = { ECID: 'd1' };

class Erased extends WritePath {
  readonly jobs = new MemoryErasureJobs();

  /** What happened a second ago. */
  put(id: string, identities: Readonly<Record<string, string>>, aheadMs = -1000) {
    return this.process([this.record(view(id, this.now + aheadMs, identities))]);
  }

  async request(namespace: string, id: string, jobId = 'erasure-1'): Promise<void> {
    const identities = [{ namespace, id, primary: false }];
    const request = { sandboxName: 'prod', identities, requestedBy: 'somebody' };
    await this.jobs.create(newErasure(request, { jobId, now: this.now }));
  }

  /** As often as said, each time followed by what it puts into the stream. */
  async advance(times: number, jobId = 'erasure-1', trouble?: 'loses what it puts into the stream'): Promise<void> {
    for (let left = times; left > 0; left--) {
      const job = await this.jobs.find('prod', jobId);
      if (job === undefined) throw new Error('there is no such job');
      const woken: Parameters<typeof wakeUpRecord>[1][] = [];
      await advanceErasure(job, {
        jobs: this.jobs,
        identities: this.identities,
        profiles: this.profiles,
        orders: this.erasures,
        wakeUp: async (key) => {
          woken.push(key);
        },
        stores: [clearHistory(this.history)],
        now: () => this.now,
        quietMs: 0,
      });
      if (trouble === undefined) await this.process(woken.map((key) => this.record(wakeUpRecord('erasure', key))));
      this.now += 1000;
    }
  }

  /** The identity leaves whom it is of. */
  async takeApart(namespace: string, id: string): Promise<void> {
    const ports = { ...this.ports(), newProfileId: () => 'profile-new', retentionMs: RETENTION_MS, dueShards: 4 };
    const key = { sandboxName: 'prod', profileId: 'profile-1' };
    await unmergeProfile(key, { identities: [{ namespace, id }], keepApart: false }, ports);
  }

  async living() {
    const people = this.profiles.all().filter(([, stored]) => isSomebody(stored));
    return Promise.all(
      people.map(async ([key, stored]) => {
        const events = await readAllEvents(this.history, key, loadProfile(stored));
        return { key, ids: events.map(({ _id }) => _id).sort(), loaded: loadProfile(stored) };
      }),
    );
  }
}

/** Two who were one until they were taken apart: both read what was kept of the one. */
async function takenApart(last?: { readonly aheadMs: number }): Promise<Erased> {
  const path = new Erased();
  path.define('none', 'xEvent[eventType = "none"].count() = 3');
  await path.put('of the phone', phone);
  await path.put('of the desk', desk);
  await path.put('of both', { ...phone, ...desk });
  if (last) await path.put('last', desk, last.aheadMs);
  await path.takeApart('ECID', 'd1');
  path.now += 60_000;
  return path;
}

test('who begins anew after an erasure and is joined with whom they were taken apart from brings nothing back', async () => {
  const path = await takenApart();
  await path.request('ECID', 'd1');
  await path.advance(1);
  expect((await path.living()).map(({ ids }) => ids)).toEqual([['of both', 'of the phone']]);

  // Nothing of history is cleared away yet.
  await path.put('anew', { ...desk, ...phone }, 0);
  path.define('three', 'xEvent[eventType = "view"].count() = 3');
  await path.process([
    path.record(wakeUpRecord('rebuild', (await path.living())[0]?.key ?? { sandboxName: '', profileId: '' })),
  ]);

  const [one, ...others] = await path.living();
  expect(others).toEqual([]);
  expect(one?.ids).toEqual(['anew', 'of both', 'of the phone']);
  expect([...(one?.loaded.state.memberships.values() ?? [])]).toMatchObject([{ status: 'realized' }]);
});

test('what somebody does who began anew is not cleared away with what was erased', async () => {
  const path = await takenApart();
  await path.request('ECID', 'd1');
  await path.advance(1);
  await path.put('anew', { ...desk, ...phone }, 0);
  // More than fits beside the state: the first goes to history, under the id that both share.
  for (let count = 0; count < 30; count++) await path.put(`more ${count}`, desk, 0);

  await path.advance(6);

  expect((await path.jobs.find('prod', 'erasure-1'))?.status).toBe('COMPLETED');
  const [one] = await path.living();
  expect(one?.ids).toHaveLength(33);
  const kept = (await path.history.read({ sandboxName: 'prod', profileId: 'profile-1' })).length;
  expect(kept).toBeGreaterThan(1);
});

test('who is erased a second time takes nothing of whom they were taken apart from', async () => {
  const path = await takenApart({ aheadMs: -500 });
  await path.request('Phone', 'p1');
  await path.advance(6);
  expect((await path.living()).map(({ ids }) => ids)).toEqual([['last', 'of the desk']]);

  await path.request('Phone', 'p1', 'erasure-2');
  await path.advance(6, 'erasure-2');

  expect((await path.jobs.find('prod', 'erasure-2'))?.status).toBe('COMPLETED');
  expect((await path.living()).map(({ ids }) => ids)).toEqual([['last', 'of the desk']]);
});

test('what one erasure leaves to be cleared away is not forgotten by another that asked the same profile before', async () => {
  const path = new Erased();
  await path.put('of the phone', phone);
  await path.put('of both', { ...phone, ...desk });
  await path.put('of the desk', desk);
  await path.request('Phone', 'p1');
  await path.advance(1, 'erasure-1', 'loses what it puts into the stream');
  await path.takeApart('Phone', 'p1');
  await path.advance(3);
  await path.request('ECID', 'd1', 'erasure-2');
  await path.advance(1, 'erasure-2');
  await path.advance(3);

  await path.advance(6, 'erasure-2');

  expect((await path.jobs.find('prod', 'erasure-1'))?.status).toBe('COMPLETED');
  expect((await path.jobs.find('prod', 'erasure-2'))?.status).toBe('COMPLETED');
  expect(path.history.all().flatMap(([, chunks]) => chunks)).toEqual([]);
});

test('an event that was ahead of the clock when its person was erased is erased too', async () => {
  const path = await takenApart({ aheadMs: 90_000 });
  await path.request('ECID', 'd1');
  await path.advance(1);
  path.now += 120_000;
  await path.put('anew', { ...desk, ...phone }, 0);

  expect((await path.living()).map(({ ids }) => ids)).toEqual([['anew', 'of both', 'of the phone']]);
  await path.advance(6);

  expect((await path.living()).map(({ ids }) => ids)).toEqual([['anew', 'of both', 'of the phone']]);
});
