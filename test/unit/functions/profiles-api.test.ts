import { beforeEach, expect, test } from 'vitest';
import { profilesApi } from '#functions/profiles-api/profiles-api.ts';
import { type ProfileView, profileViews } from '#shared/api/entities.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { problemOf } from '#test/support/segments-service.ts';
import { START, view, WritePath } from '#test/support/write-path.ts';

const DAY = 86_400_000;

let path: WritePath;
beforeEach(() => {
  path = new WritePath();
});

function read(entityId = 'c1', changed: Record<string, unknown> = {}) {
  const definitions = { find: async () => undefined, findVersion: async () => undefined };
  const ports = { ...path.ports(), definitions, retentionMs: 30 * DAY, ...changed };
  const query = { entityId, entityIdNS: 'CRMID', 'schema.name': '_xdm.context.profile' };
  return profilesApi(ports)(httpRequest({ routeKey: 'GET /data/core/ups/access/entities', query }));
}

const membership = async (changed: Record<string, unknown> = {}) =>
  ((await read('c1', changed)).body as ProfileView).segmentMembership.ups.a;

test('a membership that time has ended is read as ended before any timer fires, and nothing is written', async () => {
  path.define('a', 'xEvent[eventType = "view" and timestamp occurs < 10 seconds before now].count() >= 1');
  await path.process([path.record(view('e1', START))]);
  path.now = START + 9_999;
  expect(await membership()).toMatchObject({ status: 'realized' });

  path.now = START + 3_600_000;

  const lastQualificationTime = new Date(START + 10_000).toISOString();
  expect(await membership()).toEqual({ status: 'exited', lastQualificationTime, name: 'a' });
  expect(path.profiles.log).toHaveLength(1);
});

test('a membership evaluated from history ends when its last event leaves the retention', async () => {
  path.define('a', 'select X from xEvent where X.eventType = "view"');
  await path.process([path.record(view('e1', START - 29 * DAY))]);
  const dueAt = START + DAY;
  await moveDue(dueAt);

  path.now = START + 5 * DAY;

  expect(await membership()).toMatchObject({ status: 'exited', lastQualificationTime: new Date(dueAt).toISOString() });
});

/** As if the profile had been written by a service that keeps events as short as the one that reads. */
async function moveDue(at: number): Promise<void> {
  const { key, version } = path.first();
  const { state } = (await path.profiles.read([key])).get(`${key.sandboxName}#${key.profileId}`) as {
    state: Uint8Array;
  };
  await path.profiles.write([
    { key, expectedVersion: version, rulesVersion: path.rules.version, state, due: { shard: 0, at } },
  ]);
}

test('a definition published while the profile is being read does not hide memberships', async () => {
  path.define('a', 'xEvent[eventType = "view"].count() >= 1');
  await path.process([path.record(view('e1', START))]);
  const profiles = {
    ...path.ports().profiles,
    read: async (keys: Parameters<typeof path.profiles.read>[0]) => {
      path.define('b', 'xEvent.count() >= 1');
      await path.process([path.record(view('e2', START + 1))]);
      return path.profiles.read(keys);
    },
  };

  const { body } = await read('c1', { profiles });

  expect(Object.keys((body as ProfileView).segmentMembership.ups).sort()).toEqual(['a', 'b']);
});

test('nobody is found by an identity that is not known', async () => {
  expect((await problemOf(read('stranger'))).status).toBe(404);
});

test('a profile says what each data set brought and when, whatever the merge policy makes of it', async () => {
  const identityMap = { CRMID: [{ id: 'c1', primary: true }] };
  const record = (datasetId: string, city: string, timestamp: number) =>
    path.record({ recordType: 'profile', datasetId, timestamp, identityMap, attributes: { homeAddress: { city } } });
  await path.process([record('shop', 'Busan', START - 2000), record('crm', 'Seoul', START - 1000)]);
  const { attributes, sources } = (await read()).body as ProfileView;
  const valueBy = (value: string, time: number) => [
    { path: 'homeAddress.city', value, time: new Date(time).toISOString() },
  ];

  expect(attributes).toEqual({ homeAddress: { city: 'Seoul' } });
  expect([...sources].sort((left, right) => left.datasetId.localeCompare(right.datasetId))).toEqual([
    { datasetId: 'crm', values: valueBy('Seoul', START - 1000) },
    { datasetId: 'shop', values: valueBy('Busan', START - 2000) },
  ]);
});

function readMany(body: object) {
  const definitions = { find: async () => undefined, findVersion: async () => undefined };
  const ports = { ...path.ports(), definitions, retentionMs: 30 * DAY };
  return profilesApi(ports)(httpRequest({ routeKey: 'POST /data/core/ups/access/entities', body }));
}

test('several people are read in one call, each once, by any of their identities; whom nobody knows is absent', async () => {
  path.define('a', 'xEvent[eventType = "view"].count() >= 1');
  await path.process([path.record(view('e1', START, { CRMID: 'c1', Email: 'a@example.com' }))]);
  await path.process([path.record(view('e2', START + 1, { CRMID: 'c2' }))]);
  const identities = [
    { entityId: 'c1', entityIdNS: { code: 'CRMID' } },
    { entityId: 'nobody', entityIdNS: { code: 'CRMID' } },
    { entityId: 'c2', entityIdNS: 'CRMID' },
    { entityId: 'a@example.com', entityIdNS: { code: 'Email' } },
  ];

  const { status, body } = await readMany({ schema: { name: '_xdm.context.profile' }, identities, limit: 1 });

  expect(status).toBe(200);
  const views = profileViews.parse(body);
  expect(Object.entries(views).map(([id, { requested }]) => [id, requested.map((each) => each.entityId)])).toEqual([
    ['profile-1', ['c1', 'a@example.com']],
    ['profile-2', ['c2']],
  ]);
  const { requested: _, ...first } = views['profile-1'] ?? {};
  expect(first).toEqual({
    ...((await read('c1')).body as ProfileView),
    page: { totalCount: 1, start: 0, limit: 1, next: null },
  });
});

test('nobody who was erased is read, and a parked profile is said to be one', async () => {
  await path.process([path.record(view('e1', START, { CRMID: 'c1' }))]);
  const identities = [{ entityId: 'c1', entityIdNS: 'CRMID' }];
  const { key, stored } = path.first();
  const state = { key, expectedVersion: 1, rulesVersion: path.rules.version, state: stored.state };
  await path.profiles.write([{ ...state, parked: true }]);
  await expect(readMany({ identities })).rejects.toMatchObject({ status: 503 });

  path.profiles.writeAll([{ ...state, expectedVersion: 2, erasedAt: START }]);
  expect((await readMany({ identities })).body).toEqual({});
});

test('at most twenty are read at once', async () => {
  const identities = Array.from({ length: 21 }, (_, n) => ({ entityId: `c${n}`, entityIdNS: 'CRMID' }));
  await expect(readMany({ identities })).rejects.toMatchObject({ status: 400 });
});
