import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { definition } from '#test/support/definitions.ts';
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
