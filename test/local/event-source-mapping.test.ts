/** A mapping between a real stream and a function that is a plain function here: lanes, order, checkpoints, destination. */
import { expect, test } from 'vitest';
import type { Stream } from '#local/engines/kinesis/stream.ts';
import { Streams } from '#local/engines/kinesis/streams.ts';
import { Checkpoints } from '#local/event-source/checkpoints.ts';
import type { DiscardedBatch } from '#local/event-source/failure-destination.ts';
import { kinesisSource } from '#local/event-source/kinesis-source.ts';
import { EventSourceMapping } from '#local/event-source/mapping.ts';
import { mappingSettings } from '#local/event-source/mapping-settings.ts';
import type { Outcome } from '#local/lambda/execution-environment.ts';
import type { LambdaFunction } from '#local/lambda/function.ts';
import { eventually } from './support/eventually.ts';

interface KinesisRecord {
  readonly eventID: string;
  readonly kinesis: { readonly partitionKey: string; readonly sequenceNumber: string; readonly data: string };
}

type Invoke = (records: readonly KinesisRecord[]) => Promise<unknown>;

let streamCount = 0;
function newStream(shards: number): Stream {
  streamCount += 1;
  return new Streams().create(`stream-${streamCount}`, 'PROVISIONED', shards);
}

function map(stream: Stream, options: Record<string, unknown>, invoke: Invoke, checkpoints = new Checkpoints()) {
  const discarded: DiscardedBatch[] = [];
  const target = {
    settings: { arn: 'arn:aws:lambda:us-east-1:000000000000:function:subject' },
    invoke: async ({ Records }: { Records: readonly KinesisRecord[] }): Promise<Outcome> => {
      try {
        return { ok: true, requestId: 'r', result: await invoke(Records) };
      } catch (error) {
        return { ok: false, requestId: 'r', error: { errorType: 'Error', errorMessage: String(error), trace: [] } };
      }
    },
  } as unknown as LambdaFunction;
  const mapping = new EventSourceMapping(mappingSettings('stack.mapping', options), {
    source: kinesisSource(stream, { type: 'TRIM_HORIZON' }),
    target,
    checkpoints,
    destination: (batch) => void discarded.push(batch),
    onError: (error) => {
      throw error;
    },
  });
  mapping.start();
  return { mapping, discarded };
}

const text = ({ kinesis }: KinesisRecord) => Buffer.from(kinesis.data, 'base64').toString();
const put = (stream: Stream, partitionKey: string, data: string) =>
  stream.put({ partitionKey, data: Buffer.from(data).toString('base64') });
const untilIdle = (mapping: EventSourceMapping) =>
  eventually(
    async () => mapping.isIdle,
    (isIdle) => isIdle,
  );

test('records of one key arrive in order, batches of different keys at the same time', async () => {
  const stream = newStream(1);
  const seen = new Map<string, string[]>();
  let running = 0;
  let together = 0;
  for (let n = 0; n < 200; n++) for (const key of ['a', 'b', 'c', 'd', 'e']) put(stream, key, String(n));

  const { mapping } = map(stream, { BatchSize: 7, ParallelizationFactor: 4 }, async (records) => {
    running += 1;
    together = Math.max(together, running);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
    for (const record of records)
      seen.set(record.kinesis.partitionKey, [...(seen.get(record.kinesis.partitionKey) ?? []), text(record)]);
    running -= 1;
  });
  await untilIdle(mapping);
  mapping.stop();

  const expected = Array.from({ length: 200 }, (_, n) => String(n));
  expect([...seen.keys()].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  for (const order of seen.values()) expect(order).toEqual(expected);
  expect(together).toBeGreaterThan(1);
  expect(together).toBeLessThanOrEqual(4);
});

test('without a parallelization factor a shard has one batch at a time, of at most the batch size', async () => {
  const stream = newStream(1);
  const sizes: number[] = [];
  let running = 0;
  for (let n = 0; n < 25; n++) put(stream, `key ${n}`, 'x');

  const { mapping } = map(stream, { BatchSize: 10 }, async (records) => {
    expect(running++).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    sizes.push(records.length);
  });
  await untilIdle(mapping);
  mapping.stop();

  expect(sizes).toEqual([10, 10, 5]);
});

test('a batching window gathers what comes within it', async () => {
  const stream = newStream(1);
  const sizes: number[] = [];
  const { mapping } = map(stream, { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 }, async (records) => {
    sizes.push(records.length);
  });

  put(stream, 'k', '1');
  await new Promise((resolve) => setTimeout(resolve, 100));
  put(stream, 'k', '2');
  await eventually(
    async () => sizes,
    ({ length }) => length > 0,
  );
  mapping.stop();

  expect(sizes).toEqual([2]);
});

test('a poison record goes to the destination with its payload, and what follows is processed', async () => {
  const stream = newStream(1);
  const processed: string[] = [];
  const options = { BatchSize: 4, MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true };
  for (const data of ['1', 'poison', '3', '4', '5']) put(stream, 'k', data);

  const { mapping, discarded } = map(stream, options, async (records) => {
    if (records.some((record) => text(record) === 'poison')) throw new Error('no');
    processed.push(...records.map(text));
  });
  await untilIdle(mapping);
  mapping.stop();

  expect(processed).toEqual(['1', '3', '4', '5']);
  expect(discarded).toMatchObject([{ condition: 'RetryAttemptsExhausted', shardId: 'shardId-000000000000' }]);
  expect(discarded[0]?.records.map(({ event }) => text(event as KinesisRecord))).toEqual(['poison']);
});

test('after a restart, what was not finished is delivered again, and what was is not', async () => {
  const stream = newStream(1);
  const checkpoints = new Checkpoints();
  for (let n = 0; n < 6; n++) put(stream, 'k', String(n));
  const first: string[] = [];
  const { mapping } = map(
    stream,
    { BatchSize: 2 },
    async (records) => {
      first.push(...records.map(text));
      // The third batch never ends.
      if (first.length > 4) await new Promise(() => {});
    },
    checkpoints,
  );
  await eventually(
    async () => first.length,
    (count) => count > 4,
  );
  mapping.stop();

  const second: string[] = [];
  const restarted = map(
    stream,
    { BatchSize: 10 },
    async (records) => void second.push(...records.map(text)),
    checkpoints,
  );
  await untilIdle(restarted.mapping);
  restarted.mapping.stop();

  expect(second).toEqual(['4', '5']);
});

test('a slow key holds the checkpoint back for all of its shard', async () => {
  const stream = newStream(1);
  const checkpoints = new Checkpoints();
  const stored = ['slow', 'b', 'c', 'd'].map((key) => put(stream, key, key));
  let finished = 0;
  const { mapping } = map(
    stream,
    { BatchSize: 1, ParallelizationFactor: 10 },
    async (records) => {
      if (records.some(({ kinesis }) => kinesis.partitionKey === 'slow')) await new Promise(() => {});
      finished += records.length;
    },
    checkpoints,
  );

  await eventually(
    async () => finished,
    (count) => count > 0,
  );
  mapping.stop();

  const position = checkpoints.get('stack.mapping', 'shardId-000000000000') ?? '';
  expect(position < (stored[0]?.record.sequenceNumber ?? '')).toBe(true);
});

test('children of a split shard are read after their parent', async () => {
  const stream = newStream(1);
  const seen: string[] = [];
  for (let n = 0; n < 50; n++) put(stream, 'a', `before ${n}`);
  stream.split('shardId-000000000000', (2n ** 127n).toString());
  for (let n = 0; n < 50; n++) put(stream, 'a', `after ${n}`);

  const { mapping } = map(stream, { BatchSize: 5 }, async (records) => void seen.push(...records.map(text)));
  await eventually(
    async () => seen.length,
    (count) => count === 100,
  );
  mapping.stop();

  expect(seen.slice(0, 50).every((data) => data.startsWith('before'))).toBe(true);
});
