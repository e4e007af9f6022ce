import { BatchGetItemCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoDueIndex } from '#shared/aws/dynamodb-due-index.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import type { ProfileWrite } from '#shared/profile/profile-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { createProfilesTable } from '#test/support/profile-tables.ts';
import { profileStoreContract } from './profile-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

profileStoreContract(async () => new DynamoProfileStore(await createProfilesTable(tables.client), tables.client));

const key = { sandboxName: 'prod', profileId: 'profile-1' };
const write = (parts: Partial<ProfileWrite> = {}): ProfileWrite => ({
  key,
  expectedVersion: 0,
  rulesVersion: 1,
  state: Uint8Array.of(1),
  ...parts,
});

async function itemOf(table: string) {
  const Key = { pk: { S: 'prod#profile-1' }, sk: { S: 'H' } };
  const { Item } = await tables.client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item;
}

test('changes lie beside the state of the very version that made them, and of no other', async () => {
  const table = await createProfilesTable(tables.client);
  const store = new DynamoProfileStore(table, tables.client);

  await store.write([write({ changes: Uint8Array.of(5) })]);
  expect((await itemOf(table))?.changes?.B).toEqual(Uint8Array.of(5));
  await store.write([write({ expectedVersion: 1, rulesVersion: 2 })]);
  expect((await itemOf(table))?.changes?.B).toBeUndefined();
  expect((await itemOf(table))?.rulesVersion?.N).toBe('2');
  await store.write([write({ expectedVersion: 2, changes: Uint8Array.of(6), attributes: Uint8Array.of(1) })]);
  expect((await itemOf(table))?.changes?.B).toEqual(Uint8Array.of(6));
});

test('the index holds whoever may change by itself, the longest overdue first, and nobody else', async () => {
  const table = await createProfilesTable(tables.client);
  const store = new DynamoProfileStore(table, tables.client);
  const index = new DynamoDueIndex(table, tables.client);
  const dueOf = async (at: number, limit = 10) =>
    (await index.find(1, at, limit)).map(({ key: { profileId }, dueAt }) => [profileId, dueAt]);
  const person = (profileId: string, at: number, shard = 1) =>
    write({ key: { sandboxName: 'prod', profileId }, due: { shard, at } });

  await store.write([person('late', 200), person('later', 300), person('elsewhere', 100, 2), write()]);
  expect(await dueOf(299)).toEqual([['late', 200]]);
  expect(await dueOf(300, 1)).toEqual([['late', 200]]);

  await store.write([{ ...person('late', 0), due: undefined, expectedVersion: 1 }]);
  await store.write([{ ...person('later', 400), expectedVersion: 1 }]);
  expect(await dueOf(1000)).toEqual([['later', 400]]);
});

test('a write that the table will never take is refused, and the others of its call are written', async () => {
  const store = new DynamoProfileStore(await createProfilesTable(tables.client), tables.client);
  const huge = new Uint8Array(410_000);
  const other = { sandboxName: 'prod', profileId: 'profile-2' };

  expect(await store.write([write({ state: huge }), write({ key: other })])).toEqual(['refused', 'written']);
  expect(await store.write([write({ state: huge, attributes: Uint8Array.of(1) })])).toEqual(['refused']);
});

/** Lets a batch read see attributes of before and state of after one write in between. */
function tearing(client: DynamoDBClient, between: () => Promise<unknown>): DynamoDBClient {
  let torn = false;
  const send = async (command: unknown) => {
    const answer = await client.send(command as BatchGetItemCommand);
    if (torn || !(command instanceof BatchGetItemCommand)) return answer;
    torn = true;
    await between();
    const later = await client.send(command);
    const [table] = Object.keys(answer.Responses ?? {}) as [string];
    const before = answer.Responses?.[table]?.filter(({ sk }) => sk?.S === 'A') ?? [];
    const after = later.Responses?.[table]?.filter(({ sk }) => sk?.S === 'H') ?? [];
    return { ...later, Responses: { [table]: [...before, ...after] } };
  };
  return { send } as unknown as DynamoDBClient;
}

test('a read never gives attributes of an earlier version than the state', async () => {
  const table = await createProfilesTable(tables.client);
  const store = new DynamoProfileStore(table, tables.client);
  await store.write([write({ attributes: Uint8Array.of(1) })]);
  const next = write({ expectedVersion: 1, state: Uint8Array.of(2), attributes: Uint8Array.of(2) });

  const read = await new DynamoProfileStore(
    table,
    tearing(tables.client, () => store.write([next])),
  ).read([key]);

  expect(read.get('prod#profile-1')).toMatchObject({ version: 2, attributes: Uint8Array.of(2) });
});

test('and where attributes are new, the state is as new as they', async () => {
  const table = await createProfilesTable(tables.client);
  const store = new DynamoProfileStore(table, tables.client);
  await store.write([write()]);
  const next = write({ expectedVersion: 1, state: Uint8Array.of(2), attributes: Uint8Array.of(2) });

  const read = await new DynamoProfileStore(
    table,
    tearing(tables.client, () => store.write([next])),
  ).read([key]);

  expect(read.get('prod#profile-1')).toMatchObject({ version: 2, attributes: Uint8Array.of(2) });
});
