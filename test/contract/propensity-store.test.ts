import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { MemoryPropensityStore } from '#shared/memory/memory-propensity-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { propensityStoreContract } from './propensity-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('in memory', () => propensityStoreContract(async () => new MemoryPropensityStore()));
describe('in DynamoDB', () =>
  propensityStoreContract(async () => new DynamoPropensityStore(await tables.create('S'), tables.client)));
