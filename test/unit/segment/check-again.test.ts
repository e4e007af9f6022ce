/** What a job asks for: every definition evaluated again, though nothing happened that would lead to it. */
import { expect, test } from 'vitest';
import { decodeState, encodeState, type Membership } from '#shared/profile/profile-state.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { ProfileWorld, purchase, START } from '#test/support/profile-world.ts';

/** Stored as no event, no instant and no rule would have it. */
async function worldWithDrift(): Promise<ProfileWorld> {
  const world = new ProfileWorld();
  world.define('xEvent[eventType = "commerce.purchases"].count() >= 1');
  world.define('inSegment("s1")');
  world.define('xEvent.topN(timestamp, 1).head().eventType = "commerce.purchases"');
  world.put(JSON.stringify(purchase('e1')));
  await world.process();
  const { version, state } = await world.stored();
  const exited: Membership = { status: 'exited', lastQualificationTime: START };
  const memberships = new Map([1, 2, 3].map((ordinal) => [ordinal, exited]));
  const drifted = encodeState({ ...decodeState(state), memberships });
  await world.profiles.write([
    { key: world.key, expectedVersion: version, rulesVersion: world.artifact.rulesVersion, state: drifted },
  ]);
  return world;
}

const statuses = async (world: ProfileWorld) =>
  [...loadProfile(await world.stored()).state.memberships].map(([ordinal, { status }]) => [ordinal, status]);

test('a timer or rebuild record does not look at what nothing has touched', async () => {
  const world = await worldWithDrift();
  world.put(wakeUpRecord('timer', world.key));
  world.put(wakeUpRecord('rebuild', world.key));
  await world.process();

  expect(await statuses(world)).toEqual([
    [1, 'exited'],
    [2, 'exited'],
    [3, 'exited'],
  ]);
});

test('a batch record has every definition evaluated again, replayed ones and dependents too, and publishes what differs', async () => {
  const world = await worldWithDrift();
  world.now += 1000;
  world.put(wakeUpRecord('batch', world.key));
  await world.process();

  expect(await statuses(world)).toEqual([
    [1, 'realized'],
    [2, 'realized'],
    [3, 'realized'],
  ]);
  const changes = decodeChanges(world.profiles.log.at(-1)?.changes as Uint8Array);
  expect(changes.map(({ cause, time }) => [cause, time])).toEqual([1, 2, 3].map(() => ['batch', START + 1000]));
});

test('a batch record for a profile that is as it must be writes nothing', async () => {
  const world = await worldWithDrift();
  world.put(wakeUpRecord('batch', world.key));
  await world.process();
  const writes = world.profiles.log.length;
  world.put(wakeUpRecord('batch', world.key));
  await world.process();

  expect(world.profiles.log.length).toBe(writes);
});
