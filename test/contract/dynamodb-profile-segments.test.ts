import { afterAll, beforeAll } from 'vitest';
import { DynamoProfileSegments } from '#shared/aws/dynamodb-profile-segments.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { createProfilesTable } from '#test/support/profile-tables.ts';
import { profileSegmentsContract } from './profile-segments.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

profileSegmentsContract(async () => {
  const table = await createProfilesTable(tables.client);
  return {
    profiles: new DynamoProfileStore(table, tables.client),
    segments: new DynamoProfileSegments(table, tables.client),
  };
});
