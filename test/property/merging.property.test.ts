/**
 * Whoever is told of in whatever order is the same in the end. Compared are, to the byte: which identities are one person,
 * their attributes with sources and times, their events, the segments that they are in and since when, and when each of those
 * ends by time. All items arrive at one instant, for when somebody enters is a matter of when what they did is known. Not
 * compared is what order may decide by right: the profile's id and version, and whether somebody was a member in between.
 * Runs from a fixed seed.
 */
import { expect, test } from 'vitest';
import { type Random, randomFrom } from '#local/simulator/random.ts';
import { encodeAttributes } from '#shared/profile/profile-attributes.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { START, WritePath } from '#test/support/write-path.ts';

const SEED = 20260510;
const WORLDS = 60;
const ORDERS = 4;

const CONDITIONS = [
  'xEvent[eventType = "view"].count() >= 2',
  'xEvent[eventType = "buy"].sum(price) > 20',
  'chain(xEvent, timestamp, [A: WHAT(eventType = "view"), B: WHAT(eventType = "buy")])',
  'xEvent.topN(timestamp, 1).head().eventType = "buy"',
  'xEvent[timestamp occurs < 90 seconds before now].count() >= 2',
  'loyalty.points > 50 or xEvent[timestamp occurs < 30 seconds before now].count() > 2',
];

function drawItems(random: Random): readonly Record<string, unknown>[] {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ namespace: random.pick(['ECID', 'Email']), id }));
  return Array.from({ length: 6 + random.below(14) }, (_, index) => {
    const identities = [...new Set([random.pick(names), ...(random.chance(0.5) ? [random.pick(names)] : [])])];
    const entries = identities.map(({ namespace, id }, place) => ({ namespace, id, primary: place === 0 }));
    const identityMap = Object.fromEntries(
      [...Map.groupBy(entries, ({ namespace }) => namespace)].map(([namespace, group]) => [
        namespace,
        group.map(({ id, primary }) => ({ id, primary })),
      ]),
    );
    // Times meet, so that ties have to be decided.
    const timestamp = START - random.below(12) * 5000;
    if (random.chance(0.3)) {
      const attributes = { loyalty: { points: random.below(100), tier: random.pick(['gold', 'silver']) } };
      return { recordType: 'profile', datasetId: random.pick(['crm', 'shop']), timestamp, identityMap, attributes };
    }
    const eventType = random.pick(['view', 'buy']);
    return { _id: `e${index}`, timestamp, eventType, price: random.below(30), identityMap };
  });
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.below(rest.length), 1)[0] as Item);
}

/** Of whoever is a member now, what time alone has made of that ten minutes later, and when. */
async function endingsOf(path: WritePath): Promise<ReadonlyMap<string, string>> {
  const before = path.people().filter(({ stored }) => stored.leadsTo === undefined);
  path.now += 600_000;
  await path.process(before.map(({ key }) => path.record(wakeUpRecord('timer', key))));
  const after = new Map(path.people().map(({ key, state }) => [key.profileId, state.memberships]));
  return new Map(
    before.map(({ key, state }) => {
      const members = [...state.memberships]
        .filter(([, { status }]) => status === 'realized')
        .map(([ordinal]) => ordinal);
      const later = members.sort().map((ordinal) => [ordinal, after.get(key.profileId)?.get(ordinal)]);
      return [key.profileId, JSON.stringify(later)];
    }),
  );
}

/** Each person as bytes, in an order of their own. */
async function peopleAfter(items: readonly Record<string, unknown>[], random: Random): Promise<readonly string[]> {
  const path = new WritePath();
  for (const [index, condition] of CONDITIONS.entries()) path.define(`s${index}`, condition);
  for (let rest = items; rest.length > 0; ) {
    const count = 1 + random.below(6);
    const { failures } = await path.process(rest.slice(0, count).map((item) => path.record(item)));
    expect(failures).toEqual([]);
    rest = rest.slice(count);
  }
  const living = path.people().filter(({ stored }) => stored.leadsTo === undefined);
  const endings = await endingsOf(path);
  const people = living.map(async ({ key, state, attributes }) => {
    const { identities, fragments } = attributes;
    const members = [...state.memberships].flatMap(([ordinal, { status, lastQualificationTime }]) =>
      status === 'realized' ? [`${ordinal} since ${lastQualificationTime - START}`] : [],
    );
    const events = await readAllEvents(path.history, key, { state, attributes });
    return [
      Buffer.from(encodeAttributes({ identities, fragments })).toString('hex'),
      JSON.stringify(events),
      members.sort().join(),
      endings.get(key.profileId),
    ].join('\n');
  });
  return (await Promise.all(people)).sort();
}

test(`people are the same to the byte in whatever order their items come (seed ${SEED})`, async () => {
  const random = randomFrom(SEED);
  let [merged, ended] = [0, 0];
  for (let world = 0; world < WORLDS; world++) {
    const items = drawItems(random);
    const expected = await peopleAfter(items, random);
    for (let order = 0; order < ORDERS; order++) {
      expect(await peopleAfter(shuffled(items, random), random), `world ${world}`).toEqual(expected);
    }
    ended += expected.some((person) => person.includes('"exited"')) ? 1 : 0;
    merged += expected.length < 6 ? 1 : 0;
  }
  expect(merged).toBeGreaterThan(WORLDS / 2);
  expect(ended).toBeGreaterThan(WORLDS / 2);
});
