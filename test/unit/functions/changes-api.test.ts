import { describe, expect, test } from 'vitest';
import type { ChangeReader, FeedRow } from '#functions/changes-api/change-reader.ts';
import { changesApi } from '#functions/changes-api/changes-api.ts';
import { changeList } from '#shared/api/changes.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { httpRequest } from '#test/support/http-requests.ts';

type Change = { readonly time: number; readonly profileId: string };

const SHARDS = 4;

/** A feed in memory, one list of changes a shard. */
function feed(shards: readonly (readonly Change[])[]): ChangeReader {
  const rows = shards.map((changes) => changes.map((change, index): FeedRow => ({ sequence: index + 1, change })));
  return {
    read: async ({ shard, after }, limit) =>
      (rows[shard] ?? []).filter(({ sequence }) => sequence > after).slice(0, limit),
  };
}

async function read(reader: ChangeReader, query: Record<string, string> = {}, feedShards = SHARDS) {
  const { body } = await changesApi({ reader, feedShards })(httpRequest({ query }));
  return changeList.parse(body);
}

async function readAll(reader: ChangeReader, limit: number): Promise<Change[]> {
  const changes: Change[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await read(reader, { limit: String(limit), ...(after && { after }) });
    expect(page.changes.length).toBeLessThanOrEqual(limit);
    changes.push(...(page.changes as unknown as Change[]));
    after = page.next;
    if (!page.hasMore) return changes;
  }
}

const shardOf = (profileId: string, times: readonly number[]) => times.map((time) => ({ time, profileId }));

describe('reading on by the cursor', () => {
  const reader = feed([shardOf('a', [1, 5, 9, 13]), shardOf('b', [2, 3, 4]), [], shardOf('c', [6, 7, 8, 10, 11, 12])]);

  test.each([1, 2, 3, 5, 100])('by %i at a time gives every change once, each profile in its order', async (limit) => {
    const changes = await readAll(reader, limit);

    expect(changes).toHaveLength(13);
    for (const profileId of ['a', 'b', 'c']) {
      const times = changes.filter((change) => change.profileId === profileId).map(({ time }) => time);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
    }
  });

  test('in one page is in the order of time', async () => {
    const { changes } = await read(reader);
    expect((changes as unknown as Change[]).map(({ time }) => time)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    ]);
  });
});

test('at the end of the feed the cursor stays, and later changes follow it', async () => {
  const end = await read(feed([shardOf('a', [1]), [], [], []]));
  expect(end.hasMore).toBe(false);

  const later = await read(feed([shardOf('a', [1, 2]), shardOf('b', [3]), [], []]), { after: end.next });
  expect((later.changes as unknown as Change[]).map(({ time }) => time)).toEqual([2, 3]);
});

test('an empty feed has a cursor too', async () => {
  const { changes, next } = await read(feed([]));

  expect(changes).toEqual([]);
  expect((await read(feed([[], shardOf('a', [1])]), { after: next })).changes).toHaveLength(1);
});

test('shards that are added later are read from their beginning', async () => {
  const { next } = await read(feed([shardOf('a', [1])]), {}, 1);
  const { changes } = await read(feed([shardOf('a', [1]), shardOf('b', [2])]), { after: next }, 2);

  expect(changes).toMatchObject([{ profileId: 'b' }]);
});

describe('a cursor', () => {
  const of = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test.each([
    ['no base64', '***'],
    ['no JSON', 'abcd'],
    ['no list', of({ a: 1 })],
    ['without a sandbox', of([1, 2])],
    ['with a negative position', of(['prod', -1])],
    ['with a position that is no whole number', of(['prod', 1.5])],
    ['with more shards than any feed has', of(['prod', ...Array(65).fill(0)])],
    ['that is endless', 'a'.repeat(5000)],
  ])('that is %s is refused', async (_, after) => {
    await expect(read(feed([]), { after })).rejects.toMatchObject({ status: 400 });
  });

  test('of another sandbox is refused, since its positions mean nothing here', async () => {
    const request = httpRequest({ sandbox: 'dev' as SandboxName, query: { after: of(['prod', 1]) } });
    await expect(changesApi({ reader: feed([]), feedShards: 1 })(request)).rejects.toMatchObject({ status: 400 });
  });
});

test.each([['0'], ['1001'], ['many'], ['1.5']])('a limit of %s is refused', async (limit) => {
  await expect(read(feed([]), { limit })).rejects.toMatchObject({ status: 400 });
});
