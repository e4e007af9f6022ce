import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoRulesResources } from '#shared/aws/dynamodb-rules-resources.ts';
import { MemoryRulesResources } from '#shared/memory/memory-rules-resources.ts';
import { MemorySegmentStore } from '#shared/memory/memory-segment-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { rulesResourcesContract } from './rules-resources.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('in memory', () =>
  rulesResourcesContract(async () => {
    const segments = new MemorySegmentStore();
    return { segments, store: new MemoryRulesResources(segments) };
  }));

describe('in DynamoDB', () =>
  rulesResourcesContract(async () => {
    const table = await tables.create('S');
    const store = new DynamoRulesResources<{ id: string; version: number }>(table, 'POLICY#', tables.client);
    return { segments: new DynamoControlStore(table, tables.client), store };
  }));
