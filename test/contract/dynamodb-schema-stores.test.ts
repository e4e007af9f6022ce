import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoFieldStore } from '#shared/aws/dynamodb-field-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { fieldStoreContract, schemaStoreContract } from './schema-stores.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('schemas', () =>
  schemaStoreContract(async () => new DynamoSchemaStore(await tables.create('S'), tables.client)));
describe('fields', () => fieldStoreContract(async () => new DynamoFieldStore(await tables.create('S'), tables.client)));
