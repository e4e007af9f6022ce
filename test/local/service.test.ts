/**
 * The whole service, started as a user starts it and used through its public doors only. Deadlines are generous: these
 * tests say what happens, not how fast.
 */
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { type Change, ShoalClient } from '#local/client.ts';
import { clientSettings } from './support/engine.ts';
import { eventually } from './support/eventually.ts';
import { record, shoeView } from './support/shoppers.ts';

let runner: ChildRunner;
let client: ShoalClient;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const VIEWS = 'eventType = "commerce.productViews"';
let names = 0;
const define = (pql: string) => {
  names += 1;
  return client.createDefinition(`segment ${names}`, pql);
};

const changesOf = async (segmentId: string): Promise<readonly Change[]> =>
  (await client.allChanges()).changes.filter((change) => change.segmentId === segmentId);

interface Entity {
  readonly version: number;
  readonly segmentMembership: { readonly ups: Readonly<Record<string, { readonly status: string }>> };
  readonly page: { readonly totalCount: number };
}

const read = (id: string, namespace = 'Email') =>
  client.request<Entity>('GET', `/access/entities?${new URLSearchParams({ entityId: id, entityIdNS: namespace })}`);

test('someone who looks at shoes is in within moments, and out when three seconds passed without another look', async () => {
  const segment = await define(`xEvent[${VIEWS} and timestamp occurs <= 3 seconds before now].count() >= 1`);

  await client.put([record(shoeView('anna@example.com'))]);
  const entered = await eventually(
    () => changesOf(segment),
    (changes) => changes.length > 0,
  );
  const both = await eventually(
    () => changesOf(segment),
    (changes) => changes.length > 1,
  );

  expect(entered.map(({ status, cause }) => [status, cause])).toEqual([['realized', 'event']]);
  expect(both.map(({ status, cause }) => [status, cause])).toEqual([
    ['realized', 'event'],
    ['exited', 'time'],
  ]);
  const [realized, exited] = both as [Change, Change];
  expect(exited.version).toBeGreaterThan(realized.version);
  expect(new Set(both.map(({ id }) => id)).size).toBe(2);
  expect(exited.profileId).toBe(realized.profileId);
  expect((await read('anna@example.com')).segmentMembership.ups[segment]?.status).toBe('exited');
});

test('every change reaches the bus too', async () => {
  const segment = await define(`xEvent[${VIEWS}].count() >= 1`);
  await client.put([record(shoeView('bus@example.com'))]);

  const onBus = async () => {
    const events = (await (await fetch(runner.local.endpoints.busEvents)).json()) as { detail: { data: Change } }[];
    return events.filter(({ detail }) => detail.data.segmentId === segment);
  };

  const [event] = await eventually(onBus, (events) => events.length > 0);
  expect(event?.detail.data.status).toBe('realized');
});

test('a batch that is delivered twice changes nothing the second time', async () => {
  const segment = await define(`xEvent[${VIEWS}].count() >= 3`);
  const views = [1, 2, 3].map(() => shoeView('twice@example.com'));
  await client.put(views.map((view) => record(view)));
  await eventually(
    () => changesOf(segment),
    (changes) => changes.length === 1,
  );
  const before = await read('twice@example.com');

  await client.put(views.map((view) => record(view)));
  await client.untilIdle();

  expect(await changesOf(segment)).toHaveLength(1);
  expect(await read('twice@example.com')).toMatchObject({ version: before.version, page: { totalCount: 3 } });
});

test('one person whose two identities arrive on different shards at once loses and doubles nothing', async () => {
  const count = 40;
  const segment = await define(`xEvent[${VIEWS}].count() >= ${count}`);
  const identityMap = { Email: [{ id: 'both@example.com', primary: true }], ECID: [{ id: 'device-7' }] };
  const views = Array.from({ length: count }, () => shoeView('both@example.com', { identityMap }));

  // MD5 of "a" and "b" fall into the two halves of the range of hash keys.
  await Promise.all(views.map((view, index) => client.put([record(view, index % 2 === 0 ? 'a' : 'b')])));

  const changes = await eventually(
    () => changesOf(segment),
    (found) => found.length > 0,
  );
  await client.untilIdle();
  expect(changes).toHaveLength(1);
  expect(await changesOf(segment)).toHaveLength(1);
  expect((await read('both@example.com')).page.totalCount).toBe(count);
  expect((await read('device-7', 'ECID')).page.totalCount).toBe(count);
});

test('a poison record is kept with its reason, and the rest of its batch is applied', async () => {
  const segment = await define(`xEvent[${VIEWS}].count() >= 1`);
  const good = shoeView('good@example.com');
  const { identityMap: _, ...nobody } = shoeView('nobody@example.com');

  await client.put([record(good), record('this is no event'), record(nobody), record(shoeView('good2@example.com'))]);

  // People of earlier tests may enter as well, once something wakes them.
  const ofTheBatch = async () =>
    (await changesOf(segment)).filter(({ identities }) => identities.some(({ id }) => id.startsWith('good')));
  const changes = await eventually(ofTheBatch, (found) => found.length === 2);
  expect(changes.every(({ status }) => status === 'realized')).toBe(true);
  const kept = await eventually(quarantined, (texts) => texts.length >= 2);
  expect(kept.some((text) => text.includes('this is no event'))).toBe(true);
  expect(kept.every((text) => /reason/.test(text))).toBe(true);
});

async function quarantined(): Promise<string[]> {
  const s3 = new S3Client(clientSettings(runner.local.endpoints.s3));
  const buckets = await (await fetch(runner.local.endpoints.s3)).text();
  const Bucket = /<Name>([^<]+)<\/Name>/.exec(buckets)?.[1];
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'quarantine/' }));
  const bodies = Contents.map(async ({ Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  });
  return (await Promise.all(bodies)).flatMap((text) => text.trim().split('\n'));
}

describe('the door', () => {
  const ask = (path: string, headers: Record<string, string>) =>
    fetch(`${runner.local.apiUrl}${path}`, { headers }).then(({ status }) => status);
  const definitions = '/data/core/ups/segment/definitions';
  const authorization = () => `Bearer ${runner.local.token}`;

  test.each([
    ['without a token', () => ({}) as Record<string, string>, 401],
    ['with a token that nobody signed', () => ({ authorization: 'Bearer e30.e30.e30' }), 401],
    ['with a token whose end was changed', () => ({ authorization: `${authorization().slice(0, -4)}AAAA` }), 401],
    ['with the token', () => ({ authorization: authorization() }), 200],
    ['for another sandbox', () => ({ authorization: authorization(), 'x-sandbox-name': 'finance' }), 403],
  ])('answers a request %s', async (_, headers, status) => {
    expect(await ask(definitions, headers())).toBe(status);
  });

  test('answers 404 where there is no route', async () => {
    expect(await ask('/data/core/ups/nothing', { authorization: authorization() })).toBe(404);
  });

  test('keeps a token to its own sandboxes', async () => {
    const body = JSON.stringify({ sandboxes: ['dev'], roles: ['viewer'] });
    const { token } = (await (await fetch(runner.local.endpoints.token, { method: 'POST', body })).json()) as {
      token: string;
    };

    expect(await ask(definitions, { authorization: `Bearer ${token}`, 'x-sandbox-name': 'dev' })).toBe(200);
    expect(await ask(definitions, { authorization: `Bearer ${token}`, 'x-sandbox-name': 'prod' })).toBe(403);
  });
});
