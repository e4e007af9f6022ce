import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoGraphRebuilds } from '#shared/aws/dynamodb-graph-rebuilds.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { newJob } from '#shared/batch/job.ts';
import { MemoryGraphRebuilds } from '#shared/memory/memory-graph-rebuilds.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { graphRebuildsContract } from './graph-rebuilds.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('in memory', () => graphRebuildsContract(async () => new MemoryGraphRebuilds()));

/** In a table that holds jobs of every other kind. */
describe('in DynamoDB', () =>
  graphRebuildsContract(async () => {
    const table = await tables.create('S');
    const jobs = new DynamoJobStore(table, () => 1000, tables.client);
    for (const kind of ['segment', 'export', 'upload', 'backfill'] as const) {
      const key = { sandboxName: 'prod', kind, jobId: '9' };
      await jobs.create(newJob(key, { segmentIds: [], requestId: 'request', now: 1000 }));
    }
    return new DynamoGraphRebuilds(table, tables.client);
  }));
