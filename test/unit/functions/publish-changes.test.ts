import { beforeEach, expect, test } from 'vitest';
import { type PublishPorts, publishChanges } from '#functions/publish-changes/publish-changes.ts';
import { profileChanges } from '#functions/publish-changes/stream-image.ts';
import { encodeChanges } from '#shared/segment/change-codec.ts';
import type { ProfileChanges, PublishedChange } from '#shared/segment/membership-change.ts';

const TIME = Date.UTC(2026, 4, 10);
const changesOf = (profileId: string, version: number, ...statuses: ('realized' | 'exited')[]): ProfileChanges => ({
  key: { sandboxName: 'prod', profileId },
  version,
  rulesVersion: 1,
  changes: statuses.map((status) => ({ segmentOrdinal: 1, status, time: TIME, cause: 'event' })),
});

let appended: (readonly [shard: number, id: string])[];
let announced: string[];
let woken: (readonly [sandboxName: string, shards: readonly number[]])[];
beforeEach(() => {
  woken = [];
  appended = [];
  announced = [];
});

const ports = (changed: Partial<PublishPorts> = {}): PublishPorts => ({
  names: async () => ({ byOrdinal: new Map([[1, { id: 's1', name: 'Segment' }]]) }),
  identities: async () => new Map([['prod#p1', [{ namespace: 'CRMID', id: 'c1', primary: true }]]]),
  feed: {
    append: async (_, shard, changes) => {
      appended.push(...changes.map(({ id }) => [shard, id] as const));
    },
  },
  announce: async (changes: readonly PublishedChange[]) => {
    announced.push(...changes.map(({ id }) => id));
  },
  wake: async (...wake) => {
    woken.push(wake);
  },
  ...changed,
});

test('whoever delivers is woken for the shards that were appended to, also when a batch comes again', async () => {
  const batch = [changesOf('p1', 1, 'realized'), changesOf('p1', 2, 'exited')];
  await publishChanges(batch, ports(), 4);
  await publishChanges(batch, ports(), 4);

  const shards = [appended[0]?.[0]];
  expect(woken).toEqual([
    ['prod', shards],
    ['prod', shards],
  ]);
});

test('the changes of a profile are published in the order of its versions, under ids that say which they are', async () => {
  const batch = [
    changesOf('p1', 1, 'realized'),
    changesOf('p2', 7, 'realized'),
    changesOf('p1', 2, 'exited', 'realized'),
  ];

  expect(await publishChanges(batch, ports(), 4)).toBe(4);

  const ofPerson = appended.filter(([, id]) => id.startsWith('p1'));
  expect(ofPerson.map(([, id]) => id)).toEqual(['p1-1-0', 'p1-2-0', 'p1-2-1']);
  expect(new Set(ofPerson.map(([shard]) => shard)).size).toBe(1);
  expect(announced).toEqual(['p1-1-0', 'p2-7-0', 'p1-2-0', 'p1-2-1']);
});

test('a batch delivered again is published under the same ids', async () => {
  const batch = [changesOf('p1', 1, 'realized')];
  await publishChanges(batch, ports(), 4);
  await publishChanges(batch, ports(), 4);

  expect(new Set(appended.map(([shard, id]) => `${shard} ${id}`)).size).toBe(1);
});

test('nothing is announced that the feed did not take', async () => {
  const feed = { append: () => Promise.reject(new Error('throttled')) };

  await expect(publishChanges([changesOf('p1', 1, 'realized')], ports({ feed }), 4)).rejects.toThrow('throttled');
  expect(announced).toEqual([]);
  expect(woken).toEqual([]);
});

test('a change of a segment that nobody knows stops the batch instead of being dropped', async () => {
  const names = async () => ({ byOrdinal: new Map() });

  await expect(publishChanges([changesOf('p1', 1, 'realized')], ports({ names }), 4)).rejects.toThrow(
    /names a segment/,
  );
});

test('a batch without changes announces nothing', async () => {
  expect(await publishChanges([], ports(), 4)).toBe(0);
  expect(announced).toEqual([]);
});

test('the feed and the bus are told what a person refuses, and which changes are repeated for it', async () => {
  const told: PublishedChange[] = [];
  const optOuts = { before: [], now: ['share', 'marketing.email'], at: TIME + 5 } as const;
  const changes = [
    { segmentOrdinal: 1, status: 'exited', time: TIME, cause: 'event' },
    { segmentOrdinal: 1, status: 'realized', time: TIME, cause: 'batch', repeated: 'consent' },
  ] as const;
  const image = (bytes: Uint8Array) => ({
    dynamodb: {
      NewImage: {
        ...{ pk: { S: 'prod#p1' }, version: { N: '3' }, rulesVersion: { N: '1' } },
        changes: { B: Buffer.from(bytes).toString('base64') },
      },
    },
  });
  const records = [image(encodeChanges(changes, optOuts)), image(encodeChanges(changes.slice(0, 1)))];
  const announce = async (announced: readonly PublishedChange[]) => void told.push(...announced);

  await publishChanges(
    records.flatMap((record) => profileChanges(record as never)),
    ports({ announce }),
    4,
  );

  const published = { before: [], now: ['share', 'marketing.email'], time: new Date(TIME + 5).toISOString() };
  expect(told.map((change) => [change.status, change.repeated, change.optOuts])).toEqual([
    ['exited', undefined, published],
    ['realized', 'consent', published],
    ['exited', undefined, undefined],
  ]);
});
