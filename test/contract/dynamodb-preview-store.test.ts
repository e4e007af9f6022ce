import { afterAll, beforeAll } from 'vitest';
import { DynamoPreviewStore } from '#shared/aws/dynamodb-preview-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { previewStoreContract } from './preview-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

previewStoreContract(async () => new DynamoPreviewStore(await tables.create('S'), tables.client));
