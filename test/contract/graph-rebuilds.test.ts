import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoGraphRebuilds } from '#shared/aws/dynamodb-graph-rebuilds.ts';
import { MemoryGraphRebuilds } from '#shared/memory/memory-graph-rebuilds.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { graphRebuildsContract } from './graph-rebuilds.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('in memory', () => graphRebuildsContract(async () => new MemoryGraphRebuilds()));

describe('in DynamoDB', () =>
  graphRebuildsContract(async () => new DynamoGraphRebuilds(await tables.create('S'), tables.client)));
