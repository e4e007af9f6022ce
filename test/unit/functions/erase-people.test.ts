/** What process-events does when somebody is to be erased, and with whatever comes before and after. */
import { expect, test } from 'vitest';
import { unmergeProfile } from '#functions/operations-api/unmerge-profile.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { RETENTION_MS, WritePath } from '#test/support/write-path.ts';

const id = (namespace: string, value: string): Identity => ({ namespace, id: value, primary: false });
const [email, crm] = [id('Email', 'ann@example.org'), id('CRMID', 'c-1')];
const event = (path: WritePath, _id: string, identities: readonly Identity[], secondsAgo = 0) =>
  path.record({
    _id,
    timestamp: path.now - secondsAgo * 1000,
    eventType: 'view',
    identityMap: Object.fromEntries(identities.map(({ namespace, id: value }) => [namespace, [{ id: value }]])),
  });
const ownerOf = async (path: WritePath, identity: Identity) =>
  (await path.identities.rows('prod', [identity])).get(identityKey(identity));
const storedOf = async (path: WritePath, profileId: string) =>
  (await path.profiles.read([{ sandboxName: 'prod', profileId }])).get(`prod#${profileId}`);

/** Somebody with two identities, who is in a segment, and the order to erase them. */
async function ann(): Promise<WritePath> {
  const path = new WritePath();
  path.define('viewers', 'select x from xEvent where x.eventType = "view"');
  await path.process([event(path, 'e1', [email, crm])]);
  const order = { jobId: 'job-1', identities: [email], requestedAt: path.now };
  await path.erasures.put({ sandboxName: 'prod', profileId: 'profile-1' }, order);
  path.now += 1000;
  return path;
}

const wake = (path: WritePath) => path.record(wakeUpRecord('erasure', { sandboxName: 'prod', profileId: 'profile-1' }));

test('who is erased leaves every segment by erasure, and nothing is stored of them but when that was', async () => {
  const path = await ann();

  await path.process([wake(path)]);

  const stored = await storedOf(path, 'profile-1');
  expect(stored).toMatchObject({ erasedAt: path.now, attributes: undefined, dueAt: undefined });
  expect(loadProfile(stored).state).toMatchObject({ tail: [], rows: [], recent: [], memberships: new Map() });
  expect(path.changes().at(-1)).toEqual(['profile-1', 'exited', 'erasure', 1000]);
  expect(await ownerOf(path, crm)).toEqual({ profileId: 'profile-1', erasedAt: path.now });
});

test('a forged record erases nobody: it costs a read', async () => {
  const path = await ann();
  await path.erasures.remove({ sandboxName: 'prod', profileId: 'profile-1' }, 'job-1');

  await path.process([wake(path)]);

  expect((await storedOf(path, 'profile-1'))?.erasedAt).toBeUndefined();
});

test('who was taken apart from whom an order names is not erased by it', async () => {
  const path = await ann();
  const ports = { ...path.ports(), newProfileId: () => 'profile-9', retentionMs: RETENTION_MS, dueShards: 4 };
  await unmergeProfile(
    { sandboxName: 'prod', profileId: 'profile-1' },
    { identities: [email], keepApart: true },
    ports,
  );

  await path.process([wake(path)]);

  expect((await storedOf(path, 'profile-1'))?.erasedAt).toBeUndefined();
  expect(await ownerOf(path, crm)).toEqual({ profileId: 'profile-1' });
});

test('an order that was left over erases nobody who began anew since it was carried out elsewhere', async () => {
  const path = await ann();
  const ports = { ...path.ports(), newProfileId: () => 'profile-9', retentionMs: RETENTION_MS, dueShards: 4 };
  const stayed = { sandboxName: 'prod', profileId: 'profile-1' };
  const left = { ...stayed, profileId: 'profile-9' };
  await unmergeProfile(stayed, { identities: [email], keepApart: false }, ports);
  await path.erasures.put(left, { jobId: 'job-1', identities: [email], requestedAt: path.now - 500 });
  await path.process([path.record(wakeUpRecord('erasure', left))]);
  path.now += 1000;
  await path.process([event(path, 'e2', [email, crm])]);

  await path.process([wake(path)]);

  const owner = await ownerOf(path, email);
  expect((await storedOf(path, owner?.profileId as string))?.erasedAt).toBeUndefined();
  expect((await ownerOf(path, crm))?.erasedAt).toBeUndefined();
});

test('an event of somebody who was taken apart from whom is erased is not lost, though it was found to be of both', async () => {
  const path = await ann();
  const ports = { ...path.ports(), newProfileId: () => 'profile-9', retentionMs: RETENTION_MS, dueShards: 4 };
  const key = { sandboxName: 'prod', profileId: 'profile-1' };
  let reads = 0;
  // Between what says whose the event is and the profile itself the two are taken apart, and one of them is erased.
  const profiles = {
    write: path.profiles.write.bind(path.profiles),
    read: async (keys: Parameters<typeof path.profiles.read>[0]) => {
      reads += 1;
      if (reads === 1) {
        await unmergeProfile(key, { identities: [crm], keepApart: true }, ports);
        await path.process([wake(path)]);
      }
      return path.profiles.read(keys);
    },
  };

  const { outcomes } = await path.process([event(path, 'e2', [crm], 1)], { profiles });

  expect((await storedOf(path, 'profile-1'))?.erasedAt).toBeDefined();
  expect(outcomes).toMatchObject({ erased: 0, applied: 1 });
});

test('what happened or came before an erasure is dropped, and counted', async () => {
  const path = await ann();
  const before = event(path, 'e2', [crm]);
  await path.process([wake(path)]);
  path.now += 1000;

  const { outcomes } = await path.process([before, event(path, 'e3', [email], 60), event(path, 'e1', [email, crm], 2)]);

  expect(outcomes).toMatchObject({ erased: 3, applied: 0, duplicate: 0 });
  expect(path.profiles.all().length).toBe(1);
});

test('what is in one batch with the erasure goes with the profile', async () => {
  const path = await ann();

  const { outcomes, changes } = await path.process([event(path, 'e2', [crm]), wake(path), event(path, 'e3', [email])]);

  expect(outcomes.erased).toBe(2);
  expect(changes).toBe(1);
});

test('who comes later under an erased identity is somebody new, with nothing of the past', async () => {
  const path = await ann();
  await path.process([wake(path)]);
  path.now += 1000;

  const { outcomes } = await path.process([event(path, 'e2', [email])]);

  expect(outcomes.applied).toBe(1);
  const owner = await ownerOf(path, email);
  expect(owner?.profileId).not.toBe('profile-1');
  expect(owner?.erasedAt).toBe(path.now - 1000);
  expect(loadProfile(await storedOf(path, owner?.profileId as string)).attributes.identities).toMatchObject([
    { namespace: 'Email' },
  ]);
  const late = await path.process([event(path, 'e3', [email], 30)]);
  expect(late.outcomes.erased).toBe(1);
});

test('a profile that is parked can be erased, and what comes for it waits no longer', async () => {
  const path = await ann();
  const stored = await storedOf(path, 'profile-1');
  const key = { sandboxName: 'prod', profileId: 'profile-1' };
  const { version = 0, state = new Uint8Array() } = stored ?? {};
  await path.profiles.write([{ key, expectedVersion: version, rulesVersion: 1, state, parked: true }]);

  await path.process([wake(path)]);
  const { outcomes } = await path.process([event(path, 'e2', [crm], 10)]);

  expect(outcomes).toMatchObject({ parked: 0, erased: 1 });
  expect((await storedOf(path, 'profile-1'))?.erasedAt).toBe(path.now);
});

test('what time ended while a profile was parked ended at its own instant, not by the erasure', async () => {
  const path = new WritePath();
  path.define('lately', 'xEvent[eventType = "view" and timestamp occurs < 1 hours before now].count() >= 1');
  await path.process([event(path, 'e1', [crm])]);
  const key = { sandboxName: 'prod', profileId: 'profile-1' };
  const { version = 0, state = new Uint8Array() } = (await storedOf(path, 'profile-1')) ?? {};
  await path.profiles.write([{ key, expectedVersion: version, rulesVersion: 1, state, parked: true }]);
  await path.erasures.put(key, { jobId: 'job-1', identities: [crm], requestedAt: path.now });
  path.now += 2 * 3_600_000;

  await path.process([wake(path)]);

  expect(path.changes().at(-1)).toEqual(['profile-1', 'exited', 'time', 3_600_000]);
});

test('a profile that nothing was written of yet can be erased: what is under way for it comes too late', async () => {
  const path = new WritePath();
  await path.identities.claim('prod', [crm], 'profile-9');
  const key = { sandboxName: 'prod', profileId: 'profile-9' };
  const late = event(path, 'e1', [crm]);
  await path.erasures.put(key, { jobId: 'job-1', identities: [crm], requestedAt: path.now });

  await path.process([path.record(wakeUpRecord('erasure', key))]);
  const { outcomes } = await path.process([late]);

  expect(outcomes.erased).toBe(1);
  expect(await ownerOf(path, crm)).toEqual({ profileId: 'profile-9', erasedAt: path.now });
});

test('a resync of who was erased says again which segments they left', async () => {
  const path = await ann();
  await path.process([wake(path)]);
  const before = path.changes().length;

  await path.process([path.record(wakeUpRecord('resync', { sandboxName: 'prod', profileId: 'profile-1' }))]);

  expect(path.changes().slice(before)).toEqual([['profile-1', 'exited', 'erasure', 1000]]);
});
