import { expect, test } from 'vitest';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { DAY_MS, ProfileWorld, purchase, START } from '#test/support/profile-world.ts';

const PURCHASES = 'eventType = "commerce.purchases"';

async function memberWhoLeft() {
  const world = new ProfileWorld();
  world.define(`xEvent[${PURCHASES}].count() >= 1`);
  world.define(`xEvent[${PURCHASES} and timestamp occurs <= 2 days before now].count() >= 1`);
  world.define(`xEvent[${PURCHASES}].count() >= 9`);
  world.put(JSON.stringify(purchase('e1')));
  await world.process();
  world.now = START + 5 * DAY_MS;
  world.put(wakeUpRecord('timer', world.key));
  await world.process();
  return world;
}

const published = ({ profiles }: ProfileWorld, from: number) =>
  profiles.log.slice(from).map((write) => (write.changes ? decodeChanges(write.changes) : []));

test('a resync publishes every membership, entered and left, at the time of its last change', async () => {
  const world = await memberWhoLeft();
  const before = world.profiles.log.length;
  world.now += DAY_MS;

  world.put(wakeUpRecord('resync', world.key));
  const { changes } = await world.process();

  const [again] = published(world, before);
  const exitedAt = again?.[1]?.time as number;
  expect(changes).toBe(2);
  expect(again).toEqual([
    { segmentOrdinal: 1, status: 'realized', time: START, cause: 'batch', repeated: 'resync' },
    { segmentOrdinal: 2, status: 'exited', time: exitedAt, cause: 'batch', repeated: 'resync' },
  ]);
  expect(exitedAt).toBeGreaterThanOrEqual(START + 2 * DAY_MS);
  expect(exitedAt).toBeLessThan(START + 3 * DAY_MS);
});

test('what the resync itself finds keeps its own cause and is published once', async () => {
  const world = await memberWhoLeft();
  const before = world.profiles.log.length;
  world.remove('s1');

  world.put(wakeUpRecord('resync', world.key));
  await world.process();

  expect(published(world, before)).toMatchObject([
    [
      { segmentOrdinal: 1, status: 'exited', cause: 'definition' },
      { segmentOrdinal: 2, status: 'exited', cause: 'batch' },
    ],
  ]);
});

test('a resync changes no membership, and a profile without any writes nothing', async () => {
  const world = new ProfileWorld();
  world.put(JSON.stringify(purchase('e1')));
  await world.process();
  const before = await world.stored();

  world.put(wakeUpRecord('resync', world.key));
  await world.process();

  expect(await world.stored()).toEqual(before);
});
