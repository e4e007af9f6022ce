/** The loop that brings erasures on: each as far as it gets, none of them stopped by another. */
import { expect, test } from 'vitest';
import { type ErasePorts, eraseProfiles } from '#functions/erase-profiles/erase-profiles.ts';
import { MemoryErasureJobs } from '#shared/memory/memory-erasure-jobs.ts';
import type { PersonalStore } from '#shared/privacy/erasure-job.ts';
import { newErasure } from '#shared/privacy/new-erasure.ts';
import { WritePath } from '#test/support/write-path.ts';

const nobody = { namespace: 'Email', id: 'nobody@example.org', primary: false };

async function world(jobIds: readonly string[]) {
  const path = new WritePath();
  const jobs = new MemoryErasureJobs();
  for (const jobId of jobIds) {
    const call = { sandboxName: jobId === 'broken' ? 'other' : 'prod', identities: [nobody], requestedBy: 'op' };
    await jobs.create(newErasure(call, { jobId, now: path.now }));
  }
  const failures: unknown[] = [];
  const failing: PersonalStore = {
    name: 'failing',
    clear: async ({ sandboxName }) => {
      if (sandboxName === 'other') throw new TypeError(`nothing of ${nobody.id} may be said`);
      return 0;
    },
  };
  const ports: ErasePorts = {
    jobs,
    identities: path.identities,
    profiles: path.profiles,
    orders: path.erasures,
    wakeUp: async () => {},
    stores: [failing],
    now: () => path.now,
    quietMs: 75_000,
    pause: async () => {
      path.now += 10_000;
    },
    failed: (error) => void failures.push(error),
  };
  return { path, jobs, ports, failures };
}

test('every open erasure is brought to its end, and then it stops by itself', async () => {
  const { path, jobs, ports } = await world(['one', 'two']);
  const start = path.now;

  expect(await eraseProfiles(ports, start + 3_600_000)).toBe(0);

  expect((await jobs.list('prod', { limit: 10 })).jobs.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
  expect(path.now - start).toBeGreaterThanOrEqual(150_000);
});

test('when its time is over it says how many are open, and the next start goes on', async () => {
  const { path, ports } = await world(['one']);

  expect(await eraseProfiles(ports, path.now + 50_000)).toBe(1);
  expect(await eraseProfiles(ports, path.now + 3_600_000)).toBe(0);
});

test('one that fails says of what kind the trouble was and nothing more, and keeps no other up', async () => {
  const { path, jobs, ports, failures } = await world(['broken', 'fine']);

  await eraseProfiles(ports, path.now + 600_000);

  expect(await jobs.find('prod', 'fine')).toMatchObject({ status: 'COMPLETED' });
  const broken = await jobs.find('other', 'broken');
  expect(broken).toMatchObject({ status: 'ERROR', trouble: 'TypeError' });
  expect(failures.length).toBeGreaterThan(1);
});
