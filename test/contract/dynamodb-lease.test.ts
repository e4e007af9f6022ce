import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoLease } from '#shared/aws/dynamodb-lease.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const open = async (name = 'sweep') => new DynamoLease(await tables.create('S'), name, tables.client);

test('a lease has one holder until it runs out', async () => {
  const lease = await open();

  expect(await lease.acquire('a', 1000, 2000)).toBe(true);
  expect(await lease.acquire('b', 1999, 3000)).toBe(false);
  expect(await lease.acquire('b', 2001, 3000)).toBe(true);
  expect(await lease.acquire('a', 2500, 4000)).toBe(false);
});

test('its holder may prolong it', async () => {
  const lease = await open();
  await lease.acquire('a', 1000, 2000);

  expect(await lease.acquire('a', 1500, 9000)).toBe(true);
  expect(await lease.acquire('b', 3000, 4000)).toBe(false);
});

test('of many that ask at once exactly one gets it', async () => {
  const lease = await open();

  const asked = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((holder) => lease.acquire(holder, 1000, 2000)));

  expect(asked.filter(Boolean)).toHaveLength(1);
});

test('leases of different names do not know of each other', async () => {
  const table = await tables.create('S');

  expect(await new DynamoLease(table, 'one', tables.client).acquire('a', 1, 9)).toBe(true);
  expect(await new DynamoLease(table, 'two', tables.client).acquire('b', 1, 9)).toBe(true);
});
