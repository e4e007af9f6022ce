import { beforeEach, expect, test } from 'vitest';
import type { ProfileStore } from '#shared/profile/profile-store.ts';
import { START, view, WritePath } from '#test/support/write-path.ts';

const VIEWED = 'xEvent[eventType = "view"].count() >= 1';
const RECENTLY = 'xEvent[eventType = "view" and timestamp occurs < 10 seconds before now].count() >= 1';

let path: WritePath;
beforeEach(() => {
  path = new WritePath();
});

test('a batch delivered again changes nothing and writes nothing', async () => {
  path.define('a', VIEWED);
  const batch = Array.from({ length: 60 }, (_, index) => path.record(view(`e${index}`, START + index)));
  await path.process(batch);
  const writes = path.profiles.log.length;

  const { outcomes } = await path.process(batch);

  expect(outcomes).toMatchObject({ applied: 0, duplicate: 60 });
  expect(path.profiles.log).toHaveLength(writes);
});

test('two identities of one person on two lanes at once lose nothing, double nothing and meet in one profile', async () => {
  path.define('a', 'xEvent[eventType = "view"].count() >= 40');
  const lane = (first: Record<string, string>, name: string) =>
    Array.from({ length: 20 }, (_, index) => path.record(view(`${name}${index}`, START + index, first)));
  const [phone, desk] = [lane({ CRMID: 'c1', ECID: 'd1' }, 'p'), lane({ ECID: 'd1', CRMID: 'c1' }, 'd')];

  const results = await Promise.all([path.process(phone), path.process(desk)]);

  expect(results.map(({ failures }) => failures)).toEqual([[], []]);
  expect(results.reduce((sum, { outcomes }) => sum + outcomes.applied, 0)).toBe(40);
  expect(path.people()).toHaveLength(1);
  expect(path.changes()).toEqual([[expect.any(String), 'realized', 'event', 0]]);
});

test('a record that can not be read is quarantined with its reason, and the rest of its batch is applied', async () => {
  path.define('a', VIEWED);
  const poison = path.record('{"_id":');

  const { outcomes, failures } = await path.process([poison, path.record(view('e1', START))]);

  expect(outcomes).toMatchObject({ quarantined: 1, applied: 1 });
  expect(failures).toEqual([]);
  expect([...path.quarantine.rejected.values()]).toMatchObject([
    { id: `${poison.sequenceNumber}-0`, reason: expect.stringMatching(/^not JSON/), text: '{"_id":' },
  ]);
});

test('a wake-up for a profile that is not there writes nothing', async () => {
  const { failures } = await path.process([path.record({ recordType: 'timer', profileId: 'profile-unknown' })]);

  expect(failures).toEqual([]);
  expect(path.profiles.log).toEqual([]);
});

test('a wake-up that comes too early writes nothing, one in time ends the membership at its boundary', async () => {
  path.define('a', RECENTLY);
  await path.process([path.record(view('e1', START))]);
  const { key } = path.first();
  const wakeUp = path.record({ recordType: 'timer', profileId: key.profileId });

  path.now = START + 5000;
  await path.process([wakeUp]);
  expect(path.profiles.log).toHaveLength(1);

  path.now = START + 60_000;
  const { exitLatenessMs } = await path.process([wakeUp]);
  expect(path.changes().at(-1)).toEqual([key.profileId, 'exited', 'time', 10_000]);
  expect(exitLatenessMs).toEqual([50_000]);
});

/** Lets another lane write first, once. */
function overtaken(store: ProfileStore, overtake: () => Promise<unknown>): ProfileStore {
  let done = false;
  return {
    read: (keys) => store.read(keys),
    write: async (writes) => {
      if (!done) {
        done = true;
        await overtake();
      }
      return store.write(writes);
    },
  };
}

test('a write that another overtook is computed anew from what the other wrote', async () => {
  path.define('a', 'xEvent[eventType = "view"].count() >= 3');
  await path.process([path.record(view('e1', START))]);
  const profiles = overtaken(path.profiles, () => path.process([path.record(view('e2', START + 1))]));

  const { outcomes, conflicts } = await path.process([path.record(view('e3', START + 2))], { profiles });

  expect({ applied: outcomes.applied, conflicts }).toEqual({ applied: 1, conflicts: 1 });
  expect(path.changes()).toEqual([[expect.any(String), 'realized', 'event', 0]]);
});

test('a store that fails for one profile fails the records of that profile only', async () => {
  path.define('a', 'select X from xEvent where X.eventType = "view"');
  const [ann, bob] = [{ CRMID: 'ann' }, { CRMID: 'bob' }];
  await path.process([path.record(view('a1', START, ann)), path.record(view('b1', START, bob))]);
  const first = path.first();
  const history = {
    append: path.history.append.bind(path.history),
    read: async (key: { sandboxName: string; profileId: string }) => {
      if (key.profileId === first.key.profileId) throw new Error('throttled');
      return path.history.read(key);
    },
  };
  const [a2, b2] = [path.record(view('a2', START + 1, ann)), path.record(view('b2', START + 1, bob))];

  const { outcomes, failures } = await path.process([a2, b2], { history });

  expect(failures.map(({ sequenceNumber }) => sequenceNumber)).toEqual([a2.sequenceNumber]);
  expect(outcomes.applied).toBe(1);
});

test('a profile whose state can not be read is parked, and the batch goes on', async () => {
  await path.process([path.record(view('a1', START, { CRMID: 'ann' }))]);
  const { key } = path.first();
  await path.profiles.write([{ key, expectedVersion: 1, rulesVersion: 1, state: Uint8Array.of(99) }]);

  const { outcomes, failures } = await path.process([
    path.record(view('a2', START + 1, { CRMID: 'ann' })),
    path.record(view('b1', START + 1, { CRMID: 'bob' })),
  ]);

  expect(failures).toEqual([]);
  expect(outcomes.parked).toBe(1);
  expect([...path.parking.parked.values()].map(({ text }) => JSON.parse(text)._id)).toEqual(['a2']);
});

test('more events of one profile than one write takes are applied in several', async () => {
  path.define('a', 'xEvent[eventType = "view"].count() >= 250');
  const batch = [path.record(Array.from({ length: 250 }, (_, index) => view(`e${index}`, START + index)))];

  const { outcomes } = await path.process(batch);

  expect(outcomes.applied).toBe(250);
  expect(path.profiles.log.length).toBeGreaterThan(2);
  expect(path.changes()).toHaveLength(1);
});

test('an expression may ask who somebody is: a new identity is an attribute like any other', async () => {
  path.define('a', 'identityMap.Email.id.exists(this like "%@example.com")');
  await path.process([path.record(view('e1', START))]);
  await path.process([path.record(view('e2', START + 1, { CRMID: 'c1', Email: 'mira@example.com' }))]);

  expect(path.changes()).toEqual([[expect.any(String), 'realized', 'event', 0]]);
});

test('what a newcomer belongs to from the start is caused by the event that brought them', async () => {
  path.define('a', 'xEvent[eventType = "buy"].count() = 0');
  await path.process([path.record(view('e1', START))]);

  expect(path.changes()).toEqual([[expect.any(String), 'realized', 'event', 0]]);
});
