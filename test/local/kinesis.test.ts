/** The Kinesis engine held to its service's contract by the SDK's own client, over both of its protocols. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  ResourceNotFoundException,
  type ShardIteratorType,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeIterator } from '#local/engines/kinesis/iterator.ts';
import { Stream } from '#local/engines/kinesis/stream.ts';
import { StreamLog } from '#local/engines/kinesis/stream-log.ts';
import { clientSettings, startTestEngines, type TestEngines } from './support/engine.ts';

let engines: TestEngines;
let client: KinesisClient;
let streamCount = 0;

beforeAll(async () => {
  engines = await startTestEngines();
  client = new KinesisClient(clientSettings(engines.listener.url));
});
afterAll(() => engines.listener.close());

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

async function createStream(ShardCount: number): Promise<string> {
  streamCount += 1;
  const StreamName = `stream-${streamCount}`;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  return StreamName;
}

async function readAll(StreamName: string, ShardId: string, type: ShardIteratorType = 'TRIM_HORIZON', more = {}) {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: type, ...more }),
  );
  return (await client.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
}

/** The SDK's handler for HTTP/1.1, which every client but Kinesis's has by default. */
const http1Handler = () => new S3Client(clientSettings(engines.listener.url)).config.requestHandler;

describe.each([
  ['HTTP/2, its default', () => new KinesisClient(clientSettings(engines.listener.url))],
  ['HTTP/1.1', () => new KinesisClient({ ...clientSettings(engines.listener.url), requestHandler: http1Handler() })],
])('a client over %s', (_, makeClient) => {
  test('puts records and reads them back in order, with increasing sequence numbers', async () => {
    const StreamName = await createStream(1);
    const own = makeClient();
    const Records = ['a', 'b', 'c'].map((letter) => ({ PartitionKey: letter, Data: bytes(letter) }));

    const put = await own.send(new PutRecordsCommand({ StreamName, Records }));
    const records = await readAll(StreamName, 'shardId-000000000000');

    expect(put.FailedRecordCount).toBe(0);
    expect(records.map(({ Data }) => text(Data))).toEqual(['a', 'b', 'c']);
    const numbers = records.map(({ SequenceNumber }) => BigInt(SequenceNumber ?? ''));
    expect(numbers).toEqual([...numbers].sort((left, right) => (left < right ? -1 : 1)));
    expect(records[0]?.ApproximateArrivalTimestamp?.getTime()).toBeGreaterThan(0);
  });

  test('gets an unknown stream as the exception of the service', async () => {
    const put = makeClient().send(new PutRecordCommand({ StreamName: 'none', PartitionKey: 'k', Data: bytes('x') }));

    await expect(put).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});

test('a stream is found by its ARN as by its name', async () => {
  const StreamName = await createStream(2);
  const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  const { StreamARN } = summary.StreamDescriptionSummary ?? {};

  await client.send(new PutRecordCommand({ StreamARN, PartitionKey: 'k', Data: bytes('x') }));

  const shards = await client.send(new ListShardsCommand({ StreamARN }));
  expect(shards.Shards).toHaveLength(2);
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).toContain(StreamName);
});

test('an on-demand stream has four shards', async () => {
  const StreamName = 'on-demand';
  await client.send(new CreateStreamCommand({ StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));

  expect((await client.send(new ListShardsCommand({ StreamName }))).Shards).toHaveLength(4);
});

test('the MD5 of the partition key, or the explicit hash key, decides the shard', async () => {
  const StreamName = await createStream(2);
  const put = (PartitionKey: string, ExplicitHashKey?: string) =>
    client.send(new PutRecordCommand({ StreamName, PartitionKey, ExplicitHashKey, Data: bytes('x') }));

  // MD5 of "a" begins with 0c, of "b" with 92.
  expect((await put('a')).ShardId).toBe('shardId-000000000000');
  expect((await put('b')).ShardId).toBe('shardId-000000000001');
  expect((await put('a', (2n ** 127n).toString())).ShardId).toBe('shardId-000000000001');
});

test('every iterator type starts where it says', async () => {
  const StreamName = await createStream(1);
  const shard = 'shardId-000000000000';
  const put = async (data: string) =>
    (await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: bytes(data) }))).SequenceNumber;
  const read = async (type: ShardIteratorType, more = {}) =>
    (await readAll(StreamName, shard, type, more)).map(({ Data }) => text(Data));

  await put('first');
  const StartingSequenceNumber = await put('second');
  const [, second] = await readAll(StreamName, shard);
  const latest = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId: shard, ShardIteratorType: 'LATEST' }),
  );
  await put('third');

  expect(await read('TRIM_HORIZON')).toEqual(['first', 'second', 'third']);
  expect(await read('AT_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['second', 'third']);
  expect(await read('AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['third']);
  expect(await read('AT_TIMESTAMP', { Timestamp: second?.ApproximateArrivalTimestamp })).toContain('third');
  const page = await client.send(new GetRecordsCommand({ ShardIterator: latest.ShardIterator }));
  expect(page.Records?.map(({ Data }) => text(Data))).toEqual(['third']);
});

test('an iterator ends after five minutes', async () => {
  const StreamName = await createStream(1);
  const issuedAt = Date.now() - 5 * 60_000 - 1;
  const ShardIterator = encodeIterator({ stream: StreamName, shardId: 'shardId-000000000000', after: '', issuedAt });

  await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toBeInstanceOf(ExpiredIteratorException);
});

test('a split shard is read to its end and names its children; merged, they are one again', async () => {
  const StreamName = await createStream(1);
  await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: bytes('before') }));
  const ShardToSplit = 'shardId-000000000000';
  const NewStartingHashKey = (2n ** 127n).toString();
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));

  const put = await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: bytes('after') }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId: ShardToSplit, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const page = await client.send(new GetRecordsCommand({ ShardIterator }));

  expect(put.ShardId).toBe('shardId-000000000001');
  expect(page.Records).toHaveLength(1);
  expect(page.NextShardIterator).toBeUndefined();
  expect(page.ChildShards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000001', 'shardId-000000000002']);

  const pair = { ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' };
  await client.send(new MergeShardsCommand({ StreamName, ...pair }));
  const merged = await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'b', Data: bytes('merged') }));
  expect(merged.ShardId).toBe('shardId-000000000003');
});

test.each([
  ['a record over one mebibyte', [{ PartitionKey: 'k', Data: new Uint8Array(1024 * 1024) }], /1048576 bytes/],
  [
    'a call of 501 records',
    Array.from({ length: 501 }, () => ({ PartitionKey: 'k', Data: bytes('x') })),
    /500 records/,
  ],
  ['a call of no records', [], /records/],
  ['a partition key of 257 characters', [{ PartitionKey: 'k'.repeat(257), Data: bytes('x') }], /256 characters/],
  [
    'a call over ten mebibytes',
    Array.from({ length: 11 }, () => ({ PartitionKey: 'k', Data: new Uint8Array(1000 * 1024) })),
    /10485760 bytes/,
  ],
])('%s is refused', async (_, Records, message) => {
  const StreamName = await createStream(1);

  await expect(client.send(new PutRecordsCommand({ StreamName, Records }))).rejects.toThrow(message);
});

test('numbers go on after a stop longer than the retention: what readers have seen stays behind them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-stream-'));
  const settings = { name: 's', arn: 'arn', mode: 'PROVISIONED', shardCount: 1 } as const;
  const start = async (forgets: boolean) => {
    const log = new StreamLog(folder, settings.name);
    const stream = (await log.load(settings)) ?? new Stream(settings);
    if (forgets) expect(stream.shard('shardId-000000000000').size).toBe(0);
    log.attach(stream);
    stream.onStored((stored) => log.append(stored));
    return { log, stream };
  };
  const first = await start(false);
  const seen = first.stream.put({ partitionKey: 'k', data: '' }).record.sequenceNumber;
  await first.log.close();
  vi.useFakeTimers({ now: Date.now() + 25 * 3_600_000, toFake: ['Date'] });
  // Twice: the first start has written the file anew, without the record.
  await (await start(true)).log.close();
  const { stream, log } = await start(true);
  vi.useRealTimers();

  expect(stream.put({ partitionKey: 'k', data: '' }).record.sequenceNumber > seen).toBe(true);
  await log.close();
  rmSync(folder, { recursive: true });
});

test('records past retention are gone', async () => {
  const stream = engines.streams.create('short', 'PROVISIONED', 1);
  stream.retentionHours = 0;
  for (let count = 0; count < 3_000; count++) stream.put({ partitionKey: 'k', data: '' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (let count = 0; count < 1_000; count++) stream.put({ partitionKey: 'k', data: '' });

  expect(stream.shard('shardId-000000000000').size).toBeLessThan(2_000);
});
