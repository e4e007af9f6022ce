import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoScheduleStore } from '#shared/aws/dynamodb-schedule-store.ts';
import { MemoryScheduleStore } from '#shared/memory/memory-schedules.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { scheduleStoreContract } from './schedule-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('in memory', () => scheduleStoreContract(async () => new MemoryScheduleStore()));
describe('in DynamoDB', () =>
  scheduleStoreContract(async () => new DynamoScheduleStore(await tables.create('S'), tables.client)));
