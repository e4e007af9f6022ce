/** Whether identities named together are one person: the setting, and what it makes of profiles. */
import { expect, test } from 'vitest';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules } from '#shared/segment/rules.ts';
import type { IdentityGraph } from '#shared/segment/rules-artifact.ts';
import { profileSettingsService } from '#test/support/profile-settings-service.ts';
import { START, view, WritePath } from '#test/support/write-path.ts';

const GRAPH = '/data/core/ups/config/identityGraph';
const phone = { Phone: 'p1' };
const desk = { ECID: 'd1' };

function openPath() {
  const path = new WritePath();
  const put = (...values: readonly unknown[]) => path.process(values.map((value) => path.record(value)));
  const use = (identityGraph: IdentityGraph) => {
    path.artifact = buildRules(path.artifact, { kind: 'identity-graph', identityGraph });
    path.rules = compileRules(path.artifact);
  };
  const living = () => path.people().filter(({ stored }) => stored.leadsTo === undefined);
  /** As the walk after the change does. */
  const wakeEverybody = () =>
    put(...living().map(({ key: { profileId } }) => ({ recordType: 'rebuild', sandboxName: 'prod', profileId })));
  const names = () => living().map(({ attributes }) => attributes.identities.map(({ id }) => id).sort());
  const events = () =>
    Promise.all(living().map(async (one) => (await readAllEvents(path.history, one.key, one)).map(({ _id }) => _id)));
  return { path, put, use, names, events, wakeEverybody };
}

test('where nobody is joined an item is its primary identity’s alone', async () => {
  const { put, use, names, events } = openPath();
  use('none');

  await put(view('a', START, { ...phone, ...desk }), view('b', START + 1, { ...desk, ...phone }));

  expect(names()).toEqual([['p1'], ['d1']]);
  expect(await events()).toEqual([['a'], ['b']]);
});

test('turned off, every identity becomes a person with what it brought; turned on again they are who they were', async () => {
  const { path, put, use, names, events, wakeEverybody } = openPath();
  path.define('twice', 'xEvent[eventType = "view"].count() >= 2');
  await put(view('a', START, phone), view('b', START + 1, desk), view('c', START + 2, { ...phone, ...desk }));
  const before = { names: names(), events: (await events()).map((ids) => [...ids].sort()) };

  use('none');
  await wakeEverybody();
  expect(names()).toEqual([['d1'], ['p1']]);
  expect(await events()).toEqual([['b'], ['a', 'c']]);

  use('pdg');
  await wakeEverybody();
  await wakeEverybody();
  expect({ names: names(), events: (await events()).map((ids) => [...ids].sort()) }).toEqual(before);
});

test('a profile that can no longer be read while it is taken apart is parked, and its shard goes on', async () => {
  const { path, put, use } = openPath();
  await put(view('a', START, { ...phone, ...desk }));
  use('none');
  let reads = 0;
  const profiles = {
    write: path.profiles.write.bind(path.profiles),
    read: async (keys: Parameters<typeof path.profiles.read>[0]) => {
      const found = await path.profiles.read(keys);
      reads += 1;
      if (reads === 1) return found;
      return new Map([...found].map(([key, stored]) => [key, { ...stored, state: Uint8Array.of(251) }]));
    },
  };

  const { failures, outcomes } = await path.process([path.record(view('b', START + 1, phone))], { profiles });

  expect({ failures, parked: outcomes.parked }).toEqual({ failures: [], parked: 1 });
});

test('an event that comes before the walk does finds the profile as the setting wants it', async () => {
  const { put, use, names, events } = openPath();
  await put(view('a', START, { ...phone, ...desk }));
  use('none');

  const { outcomes } = await put(view('b', START + 1, desk));

  expect(outcomes.irrelevant).toBe(1);
  expect(names()).toEqual([['p1'], ['d1']]);
  expect(await events()).toEqual([['a'], ['b']]);
});

test('whom items named while nobody was joined is joined when that is asked for', async () => {
  const { put, use, names, wakeEverybody } = openPath();
  use('none');
  await put(view('a', START, { ...phone, ...desk }), view('b', START + 1, desk));

  use('pdg');
  await wakeEverybody();
  await wakeEverybody();

  expect(names()).toEqual([['d1', 'p1']]);
});

test('the setting is read and changed over HTTP, by admins, and makes new rules only where it changes', async () => {
  const { send } = profileSettingsService();
  const put = (type: string, roles = ['admin']) => send({ routeKey: `PUT ${GRAPH}`, roles, body: { type } });

  expect((await send({ routeKey: `GET ${GRAPH}` })).body).toEqual({ type: 'pdg', rulesVersion: 0 });
  expect((await put('none')).body).toEqual({ type: 'none', rulesVersion: 1, jobId: expect.any(String) });
  expect((await put('none')).body).toEqual({ type: 'none', rulesVersion: 1 });
  expect((await send({ routeKey: `GET ${GRAPH}` })).body).toEqual({ type: 'none', rulesVersion: 1 });
  await expect(put('pdg', ['publisher'])).rejects.toMatchObject({ status: 403 });
});
