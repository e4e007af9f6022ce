/** What operators do when something went wrong, on the service as it is started: set aside, looked at, put back. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, ListTablesCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { type Change, ShoalClient } from '#local/client.ts';
import { clientSettings } from './support/engine.ts';
import { eventually } from './support/eventually.ts';
import { record, shoeView } from './support/shoppers.ts';

const VIEWS = 'eventType = "commerce.productViews"';
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

const changesOf = async (segmentId: string): Promise<readonly Change[]> =>
  (await client.allChanges()).changes.filter((change) => change.segmentId === segmentId);

interface Parked {
  readonly profiles: readonly { readonly profileId: string; readonly parked: boolean; readonly items: number }[];
}

test('a profile whose state is damaged is parked, and returns with every event when the damage is undone', async () => {
  const segment = await client.createDefinition('three views', `xEvent[${VIEWS}].count() >= 3`);
  const view = () => client.put([record(shoeView('parked@example.com'))]);
  const first = await client.createDefinition('a view', `xEvent[${VIEWS}].count() >= 1`);
  await view();
  const [entered] = await eventually(
    () => changesOf(first),
    (found) => found.length === 1,
  );
  const item = await stateOf((entered as Change).profileId);
  await item.write(Uint8Array.of(99, 1, 2, 3));

  await view();
  await view();
  const { profiles } = await eventually(
    () => client.request<Parked>('GET', '/system/parked'),
    (page) => page.profiles[0]?.items === 2,
  );
  const read = '/access/entities?entityId=parked@example.com&entityIdNS=Email';
  await expect(client.request('GET', read)).rejects.toThrow(/503.*parked/);
  const path = `/system/parked/${profiles[0]?.profileId}/redrive`;
  await expect(client.request('POST', path, {})).rejects.toThrow(/409.*state of format 99/);
  await item.write(item.state);
  expect(await client.request('POST', path, {})).toMatchObject({ state: 'as-it-was', items: 2, hasMore: false });

  await eventually(
    () => changesOf(segment),
    (found) => found.length === 1,
  );
  expect(await client.request<Parked>('GET', '/system/parked')).toEqual({ profiles: [], next: null });
});

async function stateOf(profileId: string) {
  const dynamo = new DynamoDBClient(clientSettings(runner.local.endpoints.dynamodb));
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const Key = { pk: { S: `prod#${profileId}` }, sk: { S: 'H' } };
  for (const TableName of TableNames) {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key })).catch(() => ({ Item: undefined }));
    const state = Item?.state?.B;
    if (state === undefined) continue;
    const write = (bytes: Uint8Array) =>
      dynamo.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'SET #state = :state',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':state': { B: bytes } },
        }),
      );
    return { state, write };
  }
  throw new Error(`no table holds the state of ${profileId}`);
}

test('a quarantined record is listed, sent again, and gone', async () => {
  interface Quarantine {
    readonly records: readonly { readonly id: string; readonly record: string }[];
  }
  await client.put([record('this is no event')]);
  const list = () => client.request<Quarantine>('GET', '/system/quarantine');
  const { records } = await eventually(list, (page) => page.records.length === 1);
  const ids = records.map(({ id }) => id);

  expect(records[0]?.record).toContain('this is no event');
  expect(await client.request('POST', '/system/quarantine/redrive', { ids })).toMatchObject({
    results: [{ status: 202 }],
  });
  expect(await client.request('POST', '/system/quarantine/redrive', { ids })).toMatchObject({
    results: [{ status: 404 }],
  });
  // Still no event, it comes back under the place that it had in the stream the second time.
  const again = await eventually(list, (page) => page.records.length === 1 && page.records[0]?.id !== ids[0]);
  expect(again.records[0]?.record).toBe(records[0]?.record);
  expect(await client.request('GET', '/system/failed-batches')).toEqual({ batches: [], next: null });
});

test('a resync publishes each membership again, under a higher version and a new id', async () => {
  const segment = await client.createDefinition('viewers', `xEvent[${VIEWS}].count() >= 1`);
  const viewers = ['r1@example.com', 'r2@example.com', 'r3@example.com'];
  await client.put(viewers.map((viewer) => record(shoeView(viewer))));
  const ofViewers = async () =>
    (await changesOf(segment)).filter(({ identities }) => viewers.includes(identities[0]?.id ?? ''));
  const before = await eventually(ofViewers, (found) => found.length === 3);

  const output = execFileSync(
    process.execPath,
    [join(import.meta.dirname, '../../scripts/resync.ts'), '--limit', '2'],
    {
      encoding: 'utf8',
      env: { ...process.env, SHOAL_DIR: runner.homeFolder },
    },
  );
  const all = await eventually(ofViewers, (found) => found.length === 6);

  expect(output).toMatch(/done: \d+ profiles/);
  const again = all.filter(({ id }) => before.every((change) => change.id !== id));
  expect(again).toHaveLength(3);
  for (const change of again) {
    const earlier = before.find(({ profileId }) => profileId === change.profileId) as Change;
    expect(change).toMatchObject({ status: 'realized', cause: 'batch', time: earlier.time });
    expect(change.version).toBeGreaterThan(earlier.version);
  }
});

test('a viewer may not', async () => {
  const body = JSON.stringify({ sandboxes: ['prod'], roles: ['viewer'] });
  const { token } = (await (await fetch(runner.local.endpoints.token, { method: 'POST', body })).json()) as {
    token: string;
  };
  const { status } = await fetch(`${runner.local.apiUrl}/data/core/ups/system/parked`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(status).toBe(403);
});
