import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DynamoChangeReader } from '#shared/aws/dynamodb-change-reader.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';

const NOW_SECONDS = 1_000_000;
const sandboxName = 'prod' as SandboxName;

let tables: TestTables;
let table: string;
let reader: DynamoChangeReader;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  table = await tables.create('N');
  reader = new DynamoChangeReader(table, () => NOW_SECONDS * 1000, tables.client);
});

async function put(sequence: number, expiresAt = NOW_SECONDS + 60, pk = 'prod#0') {
  const change = JSON.stringify({ id: `c${sequence}`, time: sequence });
  await DynamoDBDocumentClient.from(tables.client).send(
    new PutCommand({ TableName: table, Item: { pk, sk: sequence, change, expiresAt } }),
  );
}

const sequences = async (after: number, limit = 10) =>
  (await reader.read({ sandboxName, shard: 0, after }, limit)).map(({ sequence }) => sequence);

test('rows follow a position in their order, up to the limit, and the head is none of them', async () => {
  for (const sequence of [0, 1, 2, 10, 9, 3, 4, 5, 6, 7, 8]) await put(sequence);

  expect(await sequences(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(await sequences(8)).toEqual([9, 10]);
  expect(await sequences(0, 3)).toEqual([1, 2, 3]);
});

test('another sandbox or shard is not read', async () => {
  await put(1, undefined, 'dev#0');
  await put(1, undefined, 'prod#1');

  expect(await sequences(0)).toEqual([]);
});

test('a gap that may still fill ends the answer before it', async () => {
  for (const sequence of [1, 2, 4, 5]) await put(sequence);

  expect(await sequences(0)).toEqual([1, 2]);

  await put(3);
  expect(await sequences(2)).toEqual([3, 4, 5]);
});

test('what was retained too long is passed over, deleted or not', async () => {
  await put(3, NOW_SECONDS - 1);
  await put(4, NOW_SECONDS);
  for (const sequence of [5, 6]) await put(sequence);

  expect(await sequences(0)).toEqual([5, 6]);
  expect(await sequences(2)).toEqual([5, 6]);
});
