import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoIdentityStore } from '#shared/aws/dynamodb-identity-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { createIdentitiesTable } from '#test/support/profile-tables.ts';
import { historyStoreContract } from './history-store.contract.ts';
import { erasedIdentitiesContract, identityStoreContract } from './identity-store.contract.ts';

const DAY = 86_400_000;

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const secret = async () => 'key-of-the-test';

describe('history', () => {
  historyStoreContract(async () => new DynamoHistoryStore(await tables.create('S'), DAY, tables.client));

  test('a chunk may be deleted only after its newest event has left the retention', async () => {
    const table = await tables.create('S');
    const newest = Date.UTC(2026, 4, 10);
    const store = new DynamoHistoryStore(table, 30 * DAY, tables.client);
    await store.append({ sandboxName: 'prod', profileId: 'p1' }, { oldest: 0, newest, version: 1, events: [] });

    const { Items = [] } = await tables.client.send(new ScanCommand({ TableName: table }));

    expect(Number(Items[0]?.expiresAt?.N) * 1000).toBeGreaterThan(newest + 30 * DAY);
  });
});

describe('identities', () => {
  const open = async () => new DynamoIdentityStore(await createIdentitiesTable(tables.client), secret, tables.client);
  identityStoreContract(open);
  erasedIdentitiesContract(open);

  test('the table holds no identity in clear', async () => {
    const table = await createIdentitiesTable(tables.client);
    const identity = { namespace: 'Email', id: 'ann@example.com', primary: true };
    await new DynamoIdentityStore(table, secret, tables.client).claim('prod', [identity], 'p1');

    const { Items = [] } = await tables.client.send(new ScanCommand({ TableName: table }));

    expect(Items).toHaveLength(1);
    expect(JSON.stringify(Items)).not.toMatch(/ann|example|Email/);
    const Key = { pk: { S: Items[0]?.pk?.S as string } };
    expect((await tables.client.send(new GetItemCommand({ TableName: table, Key }))).Item?.profileId?.S).toBe('p1');
  });
});
