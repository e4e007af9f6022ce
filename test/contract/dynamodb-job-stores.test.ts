import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamoBackfillStore } from '#shared/aws/dynamodb-backfill-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoSizeStore } from '#shared/aws/dynamodb-size-store.ts';
import { DynamoTokenBucket } from '#shared/aws/dynamodb-token-bucket.ts';
import { newJob } from '#shared/batch/job.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { backfillStoreContract, sizeStoreContract } from './batch-stores.contract.ts';
import { jobStoreContract } from './job-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const NOW = 1_000_000;
const table = () => tables.create('S');

describe('jobs', () => {
  jobStoreContract(async () => new DynamoJobStore(await table(), () => NOW, tables.client));

  test('a job expires 90 days after its last change', async () => {
    const name = await table();
    const key = { sandboxName: 'prod', kind: 'segment', jobId: 'job-1' } as const;
    const store = new DynamoJobStore(name, () => NOW, tables.client);
    await store.create(newJob(key, { segmentIds: '*', requestId: 'request-1', now: NOW }));

    const Key = { pk: { S: 'prod' }, sk: { S: 'JOB#job-1' } };
    const { Item } = await tables.client.send(new GetItemCommand({ TableName: name, Key }));

    expect(Item?.expiresAt?.N).toBe(String(NOW / 1000 + 90 * 86_400));
  });
});

describe('walks', () => backfillStoreContract(async () => new DynamoBackfillStore(await table(), tables.client)));
describe('sizes', () => sizeStoreContract(async () => new DynamoSizeStore(await table(), tables.client)));

describe('what batch may take of a table each second', () => {
  const RATE = { unitsPerSecond: 100, burstSeconds: 1 };
  const bucketsAt = async (clock: { now: number }) => {
    const name = await table();
    return () => new DynamoTokenBucket(name, 'reads', RATE, () => clock.now, tables.client);
  };

  test('a burst is free, and what is taken beyond it is waited for, by whichever process', async () => {
    const bucket = await bucketsAt({ now: NOW });
    const [first, second] = [bucket(), bucket()];

    expect(await first.take(100)).toBe(0);
    expect(await second.take(50)).toBe(500);
    expect(await first.take(50)).toBe(1000);
  });

  test('nothing is lost of what many take at once', async () => {
    const bucket = await bucketsAt({ now: NOW });
    await bucket().take(100);

    const waits = await Promise.all(Array.from({ length: 8 }, () => bucket().take(25)));

    expect(Math.max(...waits)).toBe(2000);
    expect([...waits].sort((left, right) => left - right)).toEqual([250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
  });

  test('after a pause no more than the burst is left', async () => {
    const clock = { now: NOW };
    const bucket = await bucketsAt(clock);
    await bucket().take(100);
    clock.now += 3_600_000;

    expect(await bucket().take(100)).toBe(0);
    expect(await bucket().take(10)).toBe(100);
  });
});
