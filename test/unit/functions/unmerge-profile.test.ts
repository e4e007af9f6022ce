/** What an operator's unmerge leaves: two people who are as if they had never been taken for one. */
import { beforeEach, expect, test } from 'vitest';
import { type UnmergeOptions, unmergeProfile } from '#functions/operations-api/unmerge-profile.ts';
import { Problem } from '#shared/api/problem.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import { RETENTION_MS, START, view, WritePath } from '#test/support/write-path.ts';

const ONCE = 'xEvent[eventType = "view"].count() = 1';
const TWICE = 'xEvent[eventType = "view"].count() >= 2';

let path: WritePath;
beforeEach(() => {
  path = new WritePath();
});

const phone = { Phone: 'p1' };
const desk = { ECID: 'd1' };
const put = (...values: readonly unknown[]) => path.process(values.map((value) => path.record(value)));
const living = () => path.people().filter(({ stored }) => stored.leadsTo === undefined);
const names = () => living().map(({ attributes }) => attributes.identities.map(({ id }) => id).sort());
const key = { sandboxName: 'prod', profileId: 'profile-1' };

const unmerge = (options: Partial<UnmergeOptions> = {}) =>
  unmergeProfile(
    key,
    { identities: [{ namespace: 'ECID', id: 'd1' }], keepApart: true, ...options },
    { ...path.ports(), newProfileId: () => 'profile-new', retentionMs: RETENTION_MS, dueShards: 4 },
  );

const eventsOf = async () =>
  Promise.all(
    living().map(async (person) => (await readAllEvents(path.history, person.key, person)).map(({ _id }) => _id)),
  );

const record = (identities: Record<string, string>, attributes: Record<string, unknown>, timestamp: number) => ({
  ...view('', timestamp, identities),
  _id: undefined,
  recordType: 'profile',
  datasetId: 'crm',
  attributes,
});

async function oneOfTwo(): Promise<void> {
  await put(view('a', START, phone), view('b', START + 1, desk), view('c', START + 2, { ...phone, ...desk }));
  await put(record(phone, { tier: 'gold' }, START), record(desk, { tier: 'silver' }, START + 1));
}

test('events and attributes go back to the identity that brought them', async () => {
  await oneOfTwo();

  expect(await unmerge()).toEqual({ profileId: 'profile-1', newProfileId: 'profile-new' });

  expect(names()).toEqual([['p1'], ['d1']]);
  expect(await eventsOf()).toEqual([['a', 'c'], ['b']]);
  expect(living().map(({ attributes }) => attributes.fragments.map(({ values }) => values[0]?.value))).toEqual([
    ['gold'],
    ['silver'],
  ]);
});

test('both are evaluated at once over what is their own, and subscribers are told', async () => {
  path.define('once', ONCE);
  path.define('twice', TWICE);
  await oneOfTwo();
  const before = path.changes().length;

  await unmerge();

  expect(path.changes().slice(before)).toEqual([['profile-new', 'realized', 'merge', 0]]);
  expect(
    living().map(({ state }) =>
      [...state.memberships].flatMap(([ordinal, { status }]) => (status === 'realized' ? [ordinal] : [])),
    ),
  ).toEqual([[2], [1]]);
});

test('what comes later goes to each of the two, and what had come is known to each', async () => {
  await oneOfTwo();
  await unmerge();

  const { outcomes } = await put(
    view('a', START, phone),
    view('b', START + 1, desk),
    view('d', START + 5, phone),
    view('e', START + 6, desk),
  );

  expect({ duplicate: outcomes.duplicate, fresh: outcomes.irrelevant }).toEqual({ duplicate: 2, fresh: 2 });
  expect(await eventsOf()).toEqual([
    ['a', 'c', 'd'],
    ['b', 'e'],
  ]);
});

test('an event that names both no longer joins them, and is its primary identity’s', async () => {
  await oneOfTwo();
  await unmerge();

  const { refusedLinks, merges } = await put(view('d', START + 5, { ...desk, ...phone }));

  expect({ refusedLinks, merges }).toEqual({ refusedLinks: 1, merges: 0 });
  expect(await eventsOf()).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
  expect([...path.refusedLinks.links.values()]).toMatchObject([{ reason: 'kept-apart' }]);
});

test('who was kept apart stays so when one of them becomes part of somebody else', async () => {
  await oneOfTwo();
  await unmerge();
  await put(view('x', START + 3, { CRMID: 'c1' }), view('y', START + 4, { CRMID: 'c1', ...desk }));

  const { merges } = await put(view('z', START + 5, { CRMID: 'c1', ...phone }));

  expect(merges).toBe(0);
  expect(names()).toEqual([['p1'], ['c1', 'd1']]);
});

test('not kept apart they are one again with the next event that names both, with all that they had', async () => {
  await oneOfTwo();
  await unmerge({ keepApart: false });

  const { merges } = await put(view('d', START + 5, { ...desk, ...phone }));

  expect(merges).toBe(1);
  expect(names()).toEqual([['d1', 'p1']]);
  expect(await eventsOf()).toEqual([['a', 'b', 'c', 'd']]);
});

test('whoever writes the profile meanwhile is not overwritten', async () => {
  await oneOfTwo();
  const joint = path.joint;
  let isFirst = true;
  const ports = {
    ...path.ports(),
    newProfileId: () => 'profile-new',
    retentionMs: RETENTION_MS,
    dueShards: 4,
    joint: {
      commit: async (write: Parameters<typeof joint.commit>[0]) => {
        if (isFirst) await put(view('d', START + 5, desk));
        isFirst = false;
        return joint.commit(write);
      },
    },
  };

  await unmergeProfile(key, { identities: [{ namespace: 'ECID', id: 'd1' }], keepApart: true }, ports);

  expect(await eventsOf()).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
});

test.each([
  ['identities of somebody else', [{ namespace: 'ECID', id: 'other' }]],
  [
    'all identities',
    [
      { namespace: 'ECID', id: 'd1' },
      { namespace: 'Phone', id: 'p1' },
    ],
  ],
])('%s can not be taken out of a profile, and nothing is done', async (_, identities) => {
  await oneOfTwo();
  const writes = path.profiles.log.length;

  await expect(unmerge({ identities })).rejects.toThrow(Problem);

  expect(path.profiles.log).toHaveLength(writes);
});
