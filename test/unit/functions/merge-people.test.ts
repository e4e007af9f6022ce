/** Two identities seen together are one person: what `process-events` makes of it. */
import { beforeEach, expect, test } from 'vitest';
import type { JointStore } from '#shared/profile/profile-store.ts';
import { START, view, WritePath } from '#test/support/write-path.ts';

const TWICE = 'xEvent[eventType = "view"].count() >= 2';
const ONCE = 'xEvent[eventType = "view"].count() = 1';

let path: WritePath;
beforeEach(() => {
  path = new WritePath();
});

const phone = { Phone: 'p1' };
const desk = { ECID: 'd1' };
const both = { Phone: 'p1', ECID: 'd1' };
const put = (...values: readonly unknown[]) => path.process(values.map((value) => path.record(value)));
const living = () => path.people().filter(({ stored }) => stored.leadsTo === undefined);

test('an event that names two people makes one of them, who is evaluated at once over what both did', async () => {
  path.define('twice', TWICE);
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));

  const { merges, outcomes } = await put(view('c', START + 2, both));

  expect({ merges, applied: outcomes.applied }).toEqual({ merges: 1, applied: 1 });
  const [person, ...others] = living();
  expect(others).toEqual([]);
  expect(person?.attributes.identities.map(({ id }) => id).sort()).toEqual(['d1', 'p1']);
  expect(path.changes()).toEqual([['profile-1', 'realized', 'merge', 0]]);
});

test('the one who is no longer a person leaves every segment, under the old id', async () => {
  path.define('once', ONCE);
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));
  const before = path.changes().length;

  await put(view('c', START + 2, both));

  expect(path.changes().slice(before)).toEqual([
    ['profile-1', 'exited', 'merge', 0],
    ['profile-2', 'exited', 'merge', 0],
  ]);
});

test('what time did before the merge keeps its own instant', async () => {
  path.now = START + 5;
  path.define('lately', 'xEvent[eventType = "view" and timestamp occurs < 10 seconds before now].count() >= 1');
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));
  path.now = START + 60_000;

  await put({ ...view('c', START + 2, both), eventType: 'other' });

  expect(path.changes().slice(2)).toEqual([
    ['profile-1', 'exited', 'time', 10_000],
    ['profile-2', 'exited', 'time', 10_001],
  ]);
});

test('a profile record joins two people as an event does, and attributes of both are the person’s', async () => {
  const record = (identities: Record<string, string>, attributes: Record<string, unknown>, timestamp: number) => ({
    ...view('', timestamp, identities),
    _id: undefined,
    recordType: 'profile',
    datasetId: 'crm',
    attributes,
  });
  await put(record(phone, { tier: 'gold', city: 'Bonn' }, START), record(desk, { tier: 'silver' }, START + 1));

  await put(record(both, {}, START + 2));

  const values = living()[0]?.attributes.fragments.flatMap((fragment) =>
    fragment.values.map(({ path: [name], value }) => [fragment.identity, name, value]),
  );
  expect(values?.sort()).toEqual([
    ['4:ECID:d1', 'tier', 'silver'],
    ['5:Phone:p1', 'city', 'Bonn'],
    ['5:Phone:p1', 'tier', 'gold'],
  ]);
});

test('an event of before the merge, sent again under the other name or the same, changes nothing', async () => {
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));
  await put(view('c', START + 2, both));
  const writes = path.profiles.log.length;

  const { outcomes } = await put(view('b', START + 1, desk), view('a', START, phone), view('c', START + 2, both));

  expect(outcomes.duplicate).toBe(3);
  expect(path.profiles.log).toHaveLength(writes);
});

test('a timer of the one who is no longer a person wakes the one who is', async () => {
  path.now = START + 5;
  path.define('lately', 'xEvent[eventType = "view" and timestamp occurs < 10 seconds before now].count() >= 2');
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));
  await put({ ...view('c', START + 2, both), eventType: 'other' });
  path.now = START + 60_000;

  await put({ recordType: 'timer', profileId: 'profile-2' });

  expect(path.changes()).toEqual([
    ['profile-1', 'realized', 'merge', 5],
    ['profile-1', 'exited', 'time', 10_000],
  ]);
});

test('links in one batch that lead from one to the next make one person of all', async () => {
  const names = Array.from({ length: 6 }, (_, index) => ({ ECID: `d${index}` }));
  for (const [index, name] of names.entries()) await put(view(`e${index}`, START + index, name));
  const links = names.slice(1).map((name, index) => view(`l${index}`, START + 10, { ...name, Phone: `x${index}` }));
  const chain = names.slice(1).map((_, index) => ({
    ...view(`c${index}`, START + 20),
    identityMap: { ECID: [{ id: `d${index}` }, { id: `d${index + 1}` }] },
  }));

  const { merges } = await put(...links, ...chain.reverse());

  expect(merges).toBe(5);
  expect(living()).toHaveLength(1);
});

test('lanes that join A with B and B with C at once make one person of the three', async () => {
  const third = { CRMID: 'c1' };
  for (const [index, name] of [phone, desk, third].entries()) await put(view(`e${index}`, START + index, name));
  const lanes = [
    [path.record(view('ab', START + 5, { ...phone, ...desk }))],
    [path.record(view('bc', START + 6, { ...desk, ...third }))],
    [path.record(view('ca', START + 7, { ...third, ...phone }))],
  ];

  const results = await Promise.all(lanes.map((lane) => path.process(lane)));

  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(living()).toHaveLength(1);
  expect(living()[0]?.attributes.identities).toHaveLength(3);
});

test('whoever is overtaken while merging reads again and finds the person made by the other', async () => {
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));
  let overtake = () => put(view('other', START + 2, both));
  const joint: JointStore = {
    commit: async (write) => {
      const first = overtake;
      overtake = async () => ({}) as never;
      await first();
      return path.joint.commit(write);
    },
  };

  const { outcomes, failures } = await path.process([path.record(view('c', START + 3, both))], { joint });

  expect({ outcomes: outcomes.irrelevant, failures }).toEqual({ outcomes: 1, failures: [] });
  expect(living()).toHaveLength(1);
});

test('an item whose people can not be merged now waits with the one who is parked', async () => {
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));
  const second = path.people()[1];
  await path.profiles.write([
    {
      key: { sandboxName: 'prod', profileId: 'profile-2' },
      expectedVersion: 1,
      rulesVersion: 1,
      state: second?.stored.state as Uint8Array,
      parked: true,
    },
  ]);

  const { outcomes } = await put(view('c', START + 2, both));

  expect(outcomes.parked).toBe(1);
  expect([...path.parking.parked.keys()]).toEqual([expect.stringMatching(/^prod#profile-2\//)]);
  expect(living()).toHaveLength(2);
});

test('a merge that the store refuses parks one of the two, and the item waits', async () => {
  await put(view('a', START, phone));
  await put(view('b', START + 1, desk));

  const { outcomes, failures } = await path.process([path.record(view('c', START + 2, both))], {
    joint: { commit: async () => 'refused' },
  });

  expect({ parked: outcomes.parked, failures }).toEqual({ parked: 1, failures: [] });
  expect(path.people().map(({ stored }) => stored.parked === true)).toEqual([false, true]);
});

test('a profile takes as many identities as it may have, and an event of one more is its own person’s', async () => {
  path.identitiesMax = 3;
  const device = { ECID: 'kiosk' };
  await put(view('a', START, { CRMID: 'c1', ...device }), view('b', START + 1, { CRMID: 'c2', ...device }));

  const third = await put(view('c', START + 2, { CRMID: 'c3', ...device }));
  const again = await put(view('d', START + 3, { CRMID: 'c3', ...device }));
  const secondary = await put(view('e', START + 4, { ...device, CRMID: 'c4' }));

  expect([third, again, secondary].map(({ refusedLinks, failures }) => [refusedLinks, failures.length])).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  expect(living().map(({ attributes }) => attributes.identities.map(({ id }) => id).sort())).toEqual([
    ['c1', 'c2', 'kiosk'],
    ['c3'],
  ]);
  expect([...path.refusedLinks.links.values()].at(-1)).toMatchObject({
    profileId: 'profile-1',
    reason: 'too-many-identities',
    namespaces: ['ECID', 'CRMID'],
  });
});

test('two people who have too many identities together stay two, and say so', async () => {
  path.identitiesMax = 3;
  await put(view('a', START, { CRMID: 'c1', ECID: 'd1' }), view('b', START + 1, { CRMID: 'c2', ECID: 'd2' }));

  const { refusedLinks, merges } = await put(view('c', START + 2, { CRMID: 'c1', ECID: 'd2' }));

  expect({ refusedLinks, merges }).toEqual({ refusedLinks: 1, merges: 0 });
  expect(living()).toHaveLength(2);
});
