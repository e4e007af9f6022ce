import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoBatchResults } from '#shared/aws/dynamodb-batch-results.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { decodeBatchResults, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { createProfilesTable } from '#test/support/profile-tables.ts';
import { batchResultsStoreContract } from './batch-results-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

batchResultsStoreContract(async () => new DynamoBatchResults(await createProfilesTable(tables.client), tables.client));

const key = { sandboxName: 'prod', profileId: 'profile-1' };
const results = { ...NO_BATCH_RESULTS, external: new Map([[4, { at: 1, validUntil: 2 }]]) };

test('results are read beside the state of whoever they are asked for, with the version that it was evaluated with', async () => {
  const table = await createProfilesTable(tables.client);
  const profiles = new DynamoProfileStore(table, tables.client);
  const other = { ...key, profileId: 'profile-2' };
  const write = { key, expectedVersion: 0, rulesVersion: 1, state: Uint8Array.of(1), batchVersion: 1 };
  await profiles.write([write, { ...write, key: other, batchVersion: undefined }]);
  const store = new DynamoBatchResults(table, tables.client);
  await store.write([key, other].map((each) => ({ key: each, expectedVersion: 0, results })));

  const read = await profiles.read([key, other], { withBatch: ({ profileId }) => profileId === 'profile-1' });

  const first = read.get('prod#profile-1');
  expect(first).toMatchObject({ version: 1, batchVersion: 1, batch: { version: 1 } });
  expect(decodeBatchResults(first?.batch?.data as Uint8Array)).toEqual(results);
  expect(read.get('prod#profile-2')).toMatchObject({ batch: undefined, batchVersion: undefined });

  await profiles.write([{ ...write, expectedVersion: 1, batchVersion: 7 }]);
  expect((await profiles.read([key])).get('prod#profile-1')).toMatchObject({ version: 2, batchVersion: 7 });
});

test('results without a state make no profile', async () => {
  const table = await createProfilesTable(tables.client);
  await new DynamoBatchResults(table, tables.client).write([{ key, expectedVersion: 0, results }]);

  expect(await new DynamoProfileStore(table, tables.client).read([key], { withBatch: () => true })).toEqual(new Map());
});
