import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { definition, definitionId } from '#test/support/definitions.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { segmentStoreContract } from './segment-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

segmentStoreContract(async () => new DynamoControlStore(await tables.create('S'), tables.client));

test('every version is kept, also after the definition is deleted', async () => {
  const table = await tables.create('S');
  const store = new DynamoControlStore(table, tables.client);
  const sandboxName = 'prod' as SandboxName;
  const first = definition();
  const second = definition({ version: 2, description: 'changed' });

  await store.commit({ sandboxName, after: first });
  await store.commit({ sandboxName, before: first, after: second });
  await store.commit({ sandboxName, before: second });

  for (const version of ['000001', '000002']) {
    const Key = { pk: { S: 'prod' }, sk: { S: `SEG#${first.id}#V#${version}` } };
    const { Item } = await tables.client.send(new GetItemCommand({ TableName: table, Key }));
    expect(Item?.version?.N).toBe(String(Number(version)));
  }
});

test('a list that another function kept follows too, and costs one read however many definitions there are', async () => {
  const table = await tables.create('S');
  const sandboxName = 'prod' as SandboxName;
  const writer = new DynamoControlStore(table, tables.client);
  const reader = new DynamoControlStore(table, tables.client);
  const create = (number: number) =>
    writer.commit({ sandboxName, after: definition({ id: definitionId(number), name: `Segment ${number}` }) });
  await create(1);
  expect(await reader.list(sandboxName)).toHaveLength(1);

  for (let number = 2; number <= 40; number++) await create(number);
  expect(await reader.list(sandboxName)).toHaveLength(40);
  await writer.commit({ sandboxName, before: definition({ id: definitionId(7), name: 'Segment 7' }) });
  expect((await reader.list(sandboxName)).map(({ name }) => name)).not.toContain('Segment 7');

  const asked: string[] = [];
  tables.client.middlewareStack.add(
    (next, { commandName }) =>
      (input) => {
        asked.push(String(commandName));
        return next(input);
      },
    { step: 'initialize', name: 'count' },
  );
  await reader.list(sandboxName);
  tables.client.middlewareStack.remove('count');
  expect(asked).toEqual(['GetItemCommand']);
});

test('a list whose changes are kept no longer is read again', async () => {
  const table = await tables.create('S');
  const sandboxName = 'prod' as SandboxName;
  const store = new DynamoControlStore(table, tables.client);
  await store.commit({ sandboxName, after: definition() });
  await store.list(sandboxName);
  const other = new DynamoControlStore(table, tables.client);
  for (const number of [2, 3]) {
    await other.commit({ sandboxName, after: definition({ id: definitionId(number), name: `Segment ${number}` }) });
  }
  const Key = { pk: { S: 'prod' }, sk: { S: 'ENTRIES#000000000002' } };
  await tables.client.send(new DeleteItemCommand({ TableName: table, Key }));

  expect(await store.list(sandboxName)).toHaveLength(3);
});
