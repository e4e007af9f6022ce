import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DynamoChangeFeed } from '#shared/aws/dynamodb-change-feed.ts';
import { DynamoChangeReader } from '#shared/aws/dynamodb-change-reader.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { PublishedChange } from '#shared/segment/membership-change.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';

const NOW = Date.UTC(2026, 4, 10);
let tables: TestTables;
let feed: DynamoChangeFeed;
let reader: DynamoChangeReader;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  const table = await tables.create('N');
  feed = new DynamoChangeFeed(table, () => NOW, tables.client);
  reader = new DynamoChangeReader(table, () => NOW, tables.client);
});

const change = (id: string): PublishedChange => ({
  id,
  sandboxName: 'prod',
  profileId: 'p1',
  identities: [],
  segmentId: 's1',
  segmentName: 'Segment',
  status: 'realized',
  time: new Date(NOW).toISOString(),
  cause: 'event',
  version: 1,
  index: 0,
});
const changes = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => change(`${prefix}-${index}`));

async function rows(shard = 0) {
  const read = await reader.read({ sandboxName: 'prod' as SandboxName, shard, after: 0 }, 1000);
  return read.map((row) => [row.sequence, row.change.id] as const);
}
const ids = async () => (await rows()).map(([, id]) => id as string);

test('changes are read in the order in which they were appended, numbered from 1 without a gap', async () => {
  await feed.append('prod', 0, changes('a', 3));
  await feed.append('prod', 0, changes('b', 2));

  expect(await rows()).toEqual([
    [1, 'a-0'],
    [2, 'a-1'],
    [3, 'a-2'],
    [4, 'b-0'],
    [5, 'b-1'],
  ]);
  expect(await rows(1)).toEqual([]);
});

test('more than a transaction takes are appended in order', async () => {
  await feed.append('prod', 0, changes('a', 250));

  expect(await ids()).toEqual(changes('a', 250).map(({ id }) => id));
});

test('what is delivered again adds nothing, alone or among new ones', async () => {
  await feed.append('prod', 0, changes('a', 150));
  await feed.append('prod', 0, changes('a', 150));
  await feed.append('prod', 0, [...changes('a', 150).slice(100), ...changes('b', 2)]);

  expect(await ids()).toEqual([...changes('a', 150), ...changes('b', 2)].map(({ id }) => id));
});

test('a change that stands twice in one call is appended once', async () => {
  await feed.append('prod', 0, [change('a'), change('b'), change('a')]);

  expect(await ids()).toEqual(['a', 'b']);
});

test('of appenders that race none is lost, and each keeps its own order', async () => {
  const writers = ['a', 'b', 'c', 'd'];

  await Promise.all(writers.map((writer) => feed.append('prod', 0, changes(writer, 5))));

  const read = await rows();
  expect(read.map(([sequence]) => sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  for (const writer of writers) {
    const own = read.map(([, id]) => id as string).filter((id) => id.startsWith(writer));
    expect(own).toEqual(changes(writer, 5).map(({ id }) => id));
  }
});
