import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RETAINED_SECONDS } from '#shared/aws/dynamodb-change-feed.ts';
import { DynamoMemberFeed } from '#shared/aws/dynamodb-member-feed.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';

const NOW_SECONDS = 10_000_000;

let tables: TestTables;
let table: string;
let feed: DynamoMemberFeed;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  table = await tables.create('N');
  feed = new DynamoMemberFeed(table, () => NOW_SECONDS * 1000, tables.client);
});

const put = (Item: object) =>
  DynamoDBDocumentClient.from(tables.client).send(
    new PutCommand({ TableName: table, Item: { pk: 'prod#0', ...Item } }),
  );

/** Row n was published at the n-th of these seconds before now. */
async function publish(secondsAgo: readonly number[], first = 1): Promise<void> {
  for (const [index, ago] of secondsAgo.entries()) {
    const expiresAt = NOW_SECONDS - ago + RETAINED_SECONDS;
    await put({ sk: first + index, change: JSON.stringify({ profileId: `p${first + index}` }), expiresAt });
  }
  await put({ sk: 0, sequence: first + secondsAgo.length - 1 });
}

const since = (secondsAgo: number) => feed.since('prod', 0, (NOW_SECONDS - secondsAgo) * 1000);

test('a span begins before the first row that was published at the instant or later, and ends where the feed does', async () => {
  await publish([90, 80, 80, 70, 10]);

  expect(await since(100)).toEqual({ after: 0, to: 5 });
  expect(await since(80)).toEqual({ after: 1, to: 5 });
  expect(await since(79)).toEqual({ after: 3, to: 5 });
  expect(await since(10)).toEqual({ after: 4, to: 5 });
  expect(await since(9)).toEqual({ after: 5, to: 5 });
});

test('nothing follows where no row ever was, or where the newest is gone', async () => {
  expect(await since(10)).toEqual({ after: 0, to: 0 });
  await put({ sk: 0, sequence: 7 });
  expect(await since(10)).toEqual({ after: 7, to: 7 });
});

test('rows that are gone from the front are passed over', async () => {
  await publish([50, 40, 30], 21);
  const span = await since(1_000_000);

  expect((await feed.read('prod', 0, span, 10)).map(({ sequence }) => sequence)).toEqual([21, 22, 23]);
});

test('a span is read up to its end, whatever was published since', async () => {
  await publish([50, 40, 30]);
  const span = await since(45);
  await publish([5], 4);

  expect(await feed.read('prod', 0, span, 10)).toEqual([
    { sequence: 2, change: { profileId: 'p2' } },
    { sequence: 3, change: { profileId: 'p3' } },
  ]);
});
