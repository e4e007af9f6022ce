/** What the simulator found, cut down to the least that shows it: worlds of a seed change with the simulator, these do not. */
import { expect, test } from 'vitest';
import { DAY_MS, ProfileWorld, purchase, START } from '#test/support/profile-world.ts';
import { START as NOON, view, WritePath } from '#test/support/write-path.ts';

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

const living = (path: WritePath) => path.people().filter(({ stored }) => stored.leadsTo === undefined);

/** Two people, the second of whom is marked, and an event that names both. */
async function twoPeopleOneParked() {
  const path = new WritePath();
  const put = (...values: readonly unknown[]) => path.process(values.map((value) => path.record(value)));
  await put(view('a', NOON, { CRMID: 'c1' }));
  await put(view('b', NOON, { ECID: 'd1' }));
  const second = path.people()[1]?.stored.state as Uint8Array;
  const mark = { key: { sandboxName: 'prod', profileId: 'profile-2' }, rulesVersion: 1, state: second };
  await path.profiles.write([{ ...mark, expectedVersion: 1, parked: true }]);
  return { path, put, unmark: () => path.profiles.write([{ ...mark, expectedVersion: 2 }]) };
}

test('an item that waited for a parked profile is applied once the mark is gone, and waits no longer', async () => {
  const { path, unmark } = await twoPeopleOneParked();
  const both = path.record(view('c', NOON, { CRMID: 'c1', ECID: 'd1' }));
  let isMarked = true;
  // The mark is taken away after the item was found to have to wait, and before it is set aside.
  const profiles = {
    write: path.profiles.write.bind(path.profiles),
    read: async (keys: Parameters<typeof path.profiles.read>[0]) => {
      if (keys.length === 1 && isMarked) {
        isMarked = false;
        await unmark();
      }
      return path.profiles.read(keys);
    },
  };

  const { failures, outcomes } = await path.process([both], { profiles });

  expect({ failures, irrelevant: outcomes.irrelevant }).toEqual({ failures: [], irrelevant: 1 });
  expect(living(path)).toHaveLength(1);
});

test('what an alias sends to a profile that is just being parked is set aside too', async () => {
  const path = new WritePath();
  const put = (...values: readonly unknown[]) => path.process(values.map((value) => path.record(value)));
  await put(view('a', NOON, { CRMID: 'c1' }));
  await put(view('b', NOON, { ECID: 'd1' }));
  await put(view('c', NOON, { CRMID: 'c1', ECID: 'd1' }));
  await path.profiles.write([
    {
      key: { sandboxName: 'prod', profileId: 'profile-1' },
      expectedVersion: 3,
      rulesVersion: 1,
      state: Uint8Array.of(99),
    },
  ]);
  // A claim made for the one who lost leads to it for as long as nobody is merged again.
  await path.identities.claim('prod', [{ namespace: 'Phone', id: 'p1', primary: true }], 'profile-2');

  const { outcomes } = await put(view('d', NOON, { Phone: 'p1' }), view('e', NOON, { CRMID: 'c1' }));

  expect(outcomes.parked).toBe(2);
  expect(path.parking.parked.size).toBe(2);
});

test('an identity that is turned away from a full profile is never listed there by another lane as well', async () => {
  const path = new WritePath();
  path.identitiesMax = 3;
  const put = (...values: readonly unknown[]) => path.process(values.map((value) => path.record(value)));
  await put(view('a', NOON, { CRMID: 'c1', ECID: 'd1' }));
  const joint = {
    // Another lane has found that the phone leads here, and writes it while it is being turned away.
    commit: async (write: Parameters<typeof path.joint.commit>[0]) => {
      await put(view('b', NOON, { CRMID: 'c1', Phone: 'p1' }));
      return path.joint.commit(write);
    },
  };

  await path.process([path.record(view('c', NOON, { CRMID: 'c1', Phone: 'p1', Email: 'e1' }))], { joint });

  const owners = living(path).filter(({ attributes }) => attributes.identities.some(({ id }) => id === 'p1'));
  expect(owners).toHaveLength(1);
  const phone = { namespace: 'Phone', id: 'p1', primary: true };
  expect([...(await path.identities.find('prod', [phone])).values()]).toEqual([owners[0]?.key.profileId]);
});
