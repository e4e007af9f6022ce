import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoErasureOrders } from '#shared/aws/dynamodb-erasure-orders.ts';
import { MemoryErasureOrders } from '#shared/memory/memory-profile-stores.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { createProfilesTable } from '#test/support/profile-tables.ts';
import { erasureOrdersContract } from './erasure-orders.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('in memory', () => erasureOrdersContract(async () => new MemoryErasureOrders()));

describe('in DynamoDB', () =>
  erasureOrdersContract(async () => new DynamoErasureOrders(await createProfilesTable(tables.client), tables.client)));
