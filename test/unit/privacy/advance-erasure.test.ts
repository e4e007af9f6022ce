/** An erasure from the request to the receipt, step by step, with the one writer beside it. */
import { beforeEach, expect, test } from 'vitest';
import { MemoryErasureJobs } from '#shared/memory/memory-erasure-jobs.ts';
import { advanceErasure, type ErasurePorts } from '#shared/privacy/advance-erasure.ts';
import type { ErasedPerson, ErasureJob, PersonalStore } from '#shared/privacy/erasure-job.ts';
import { newErasure } from '#shared/privacy/new-erasure.ts';
import { identityKey } from '#shared/profile/identity.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { START, view, WritePath } from '#test/support/write-path.ts';

const QUIET_MS = 75_000;
const named = (namespace: string, id: string) => ({ namespace, id, primary: false });

let path: WritePath;
let jobs: MemoryErasureJobs;
let woken: ProfileKey[];
let cleared: ErasedPerson[];
let stores: readonly PersonalStore[];

beforeEach(async () => {
  path = new WritePath();
  path.define('viewers', 'xEvent[eventType = "view"].count() >= 1');
  jobs = new MemoryErasureJobs();
  [woken, cleared] = [[], []];
  stores = [counting('history'), counting('change feed')];
  await path.process([path.record(view('e1', START, { CRMID: 'c1', Email: 'a@example.org' }))]);
});

const counting = (name: string): PersonalStore => ({
  name,
  clear: async (person) => {
    cleared.push(person);
    return 2;
  },
});

const ports = (): ErasurePorts => ({
  jobs,
  identities: path.identities,
  profiles: path.profiles,
  orders: path.erasures,
  wakeUp: async (key) => void woken.push(key),
  stores,
  now: () => path.now,
  quietMs: QUIET_MS,
});

async function asked(...identities: readonly ReturnType<typeof named>[]): Promise<ErasureJob> {
  path.now += 1000;
  const job = newErasure({ sandboxName: 'prod', identities, requestedBy: 'op' }, { jobId: 'job-1', now: path.now });
  await jobs.create(job);
  return job;
}

const step = async (job: ErasureJob) => (await advanceErasure(job, ports())) as ErasureJob;
/** What the writer does with the wake-ups. */
const process = () => path.process(woken.splice(0).map((key) => path.record(wakeUpRecord('erasure', key))));

test('it goes from step to step, waits for what is under way, and forgets whom it was about', async () => {
  let job = await step(await asked(named('Email', 'a@example.org')));
  expect(job).toMatchObject({ status: 'PROCESSING', step: 'find', profileIds: ['profile-1'] });
  expect(woken).toEqual([{ sandboxName: 'prod', profileId: 'profile-1' }]);
  await process();

  job = await step(job);
  expect(job).toMatchObject({ step: 'clear', profiles: 1 });
  job = await step(job);
  expect(job).toMatchObject({ step: 'forget', removed: { history: 2, 'change feed': 2 } });
  expect(await step(job)).toBe(job);
  path.now += QUIET_MS;
  job = await step(job);
  expect(job.step).toBe('clear-again');
  expect(await path.erasures.find({ sandboxName: 'prod', profileId: 'profile-1' })).toBeUndefined();
  expect(await step(job)).toBe(job);
  path.now += QUIET_MS;
  job = await step(job);

  expect(job).toMatchObject({ status: 'COMPLETED', step: 'done', removed: { history: 4, 'change feed': 4 } });
  expect(job).toMatchObject({ identities: [], estates: [], namespaces: { Email: 1 }, completedAt: path.now });
  expect(JSON.stringify(job)).not.toMatch(/a@example\.org|c1/);
  expect(await jobs.listOpen()).toEqual([]);
});

test('the stores are told of all identities and ids that the person ever had', async () => {
  await path.process([path.record(view('e2', START + 1, { Phone: 'p1' }))]);
  await path.process([path.record(view('e3', START + 2, { CRMID: 'c1', Phone: 'p1' }))]);
  let job = await step(await asked(named('Phone', 'p1')));
  await process();
  job = await step(await step(job));

  const [person] = cleared;
  expect(person?.identities.map(identityKey).sort()).toEqual(
    [named('CRMID', 'c1'), named('Email', 'a@example.org'), named('Phone', 'p1')].map(identityKey).sort(),
  );
  expect(person?.profileIds.toSorted()).toEqual(['profile-1', 'profile-2']);
  expect(person?.partitions.toSorted()).toEqual(['profile-1', 'profile-2']);
});

test('an identity that nobody has is blocked, and its receipt counts no profile', async () => {
  let job = await step(await asked(named('Email', 'nobody@example.org')));
  expect(woken).toEqual([]);
  job = await step(job);

  const rows = await path.identities.rows('prod', [named('Email', 'nobody@example.org')]);
  expect([...rows.values()]).toEqual([{ erasedAt: path.now }]);
  expect(job).toMatchObject({ step: 'clear', profiles: 0 });
});

test('a store that fails is cleared by the next call, those before it are not cleared again', async () => {
  let isDown = true;
  const failing: PersonalStore = {
    name: 'failing',
    clear: async () => {
      if (isDown) throw new Error('throttled');
      return 1;
    },
  };
  stores = [counting('history'), failing];
  let job = await step(await asked(named('Email', 'a@example.org')));
  await process();
  job = await step(job);
  await expect(step(job)).rejects.toThrow('throttled');
  const kept = (await jobs.find('prod', 'job-1')) as ErasureJob;
  expect(kept).toMatchObject({ step: 'clear', clearedStores: ['history'], removed: { history: 2 } });
  isDown = false;

  job = await step(kept);

  expect(job).toMatchObject({ step: 'forget', removed: { history: 2, failing: 1 } });
  expect(cleared).toHaveLength(1);
});

test('of two that advance one job at once one gets on', async () => {
  const job = await asked(named('Email', 'nobody@example.org'));

  const results = await Promise.all([advanceErasure(job, ports()), advanceErasure(job, ports())]);

  expect(results.filter((after) => after !== undefined)).toHaveLength(1);
});
