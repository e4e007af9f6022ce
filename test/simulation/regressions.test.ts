/** What the simulator found, cut down to the least that shows it: worlds of a seed change with the simulator, these do not. */
import { expect, test } from 'vitest';
import { DAY_MS, ProfileWorld, purchase, START } from '#test/support/profile-world.ts';

const timer = JSON.stringify({ recordType: 'timer', profileId: 'profile-1' });

test('a definition that came with newer rules and reads one that moves by time does not stop the processor', async () => {
  const world = new ProfileWorld();
  world.define('xEvent[timestamp occurs < 20 seconds before now].count() >= 1');
  world.put(JSON.stringify(purchase('e1')));
  await world.process();

  world.define('inSegment("s1") or xEvent[timestamp occurs < 40 seconds before now].count() >= 1');
  world.now = START + DAY_MS;
  world.put(timer);
  await world.process();

  expect(world.subscribed()).toEqual(new Map([[1, 'exited']]));
});

test('a definition evaluated from history ends when its last event leaves the retention, however late that is noticed', async () => {
  const world = new ProfileWorld();
  world.define('xEvent.topN(timestamp, 1).head() != null');
  world.define('select X from xEvent where X.eventType = "commerce.purchases"');
  world.put(JSON.stringify(purchase('e1')));
  await world.process();
  const before = world.subscribed();

  world.now = START + world.settings.retentionMs + 5 * DAY_MS;
  world.put(timer);
  await world.process();

  expect([...before.values()]).toContain('realized');
  expect([...world.subscribed().values()]).not.toContain('realized');
});
