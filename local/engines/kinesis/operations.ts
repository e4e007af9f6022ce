/** Kinesis Data Streams as its API sees it: names and ARNs, pages, and the answers' shapes. */
import {
  AwsError,
  type Input,
  type Operation,
  type Operations,
  optionalInteger,
  optionalString,
  requiredString,
} from '../aws-json.ts';
import { toDecimal } from './hash-key.ts';
import { decodeIterator, encodeIterator, startingPosition } from './iterator.ts';
import { bytesOf, checkCall, checkRecord, READ_BYTES_MAX, READ_RECORDS_MAX } from './limits.ts';
import type { Shard, StreamRecord } from './shard.ts';
import type { NewRecord, Stream } from './stream.ts';
import type { Streams } from './streams.ts';

export function kinesisOperations(streams: Streams): Operations {
  const of = (input: Input) => findStream(streams, input);
  return new Map<string, Operation>([
    ['CreateStream', (input) => createStream(streams, input)],
    ['DeleteStream', (input) => streams.delete(of(input))],
    ['DescribeStream', (input) => ({ StreamDescription: { ...describe(of(input)), Shards: shardsOf(of(input)) } })],
    ['DescribeStreamSummary', (input) => ({ StreamDescriptionSummary: summarize(of(input)) })],
    ['ListStreams', () => listStreams(streams)],
    ['ListShards', (input) => ({ Shards: shardsOf(of(input)) })],
    ['ListTagsForStream', (input) => ({ Tags: of(input) && [], HasMoreTags: false })],
    ['PutRecord', (input) => putRecord(of(input), input)],
    ['PutRecords', (input) => putRecords(of(input), input)],
    ['GetShardIterator', (input) => getShardIterator(of(input), input)],
    ['GetRecords', (input) => getRecords(streams, input)],
    [
      'SplitShard',
      (input) => of(input).split(requiredString(input, 'ShardToSplit'), requiredString(input, 'NewStartingHashKey')),
    ],
    [
      'MergeShards',
      (input) => of(input).merge(requiredString(input, 'ShardToMerge'), requiredString(input, 'AdjacentShardToMerge')),
    ],
    ['IncreaseStreamRetentionPeriod', (input) => setRetention(of(input), input)],
    ['DecreaseStreamRetentionPeriod', (input) => setRetention(of(input), input)],
  ]);
}

function findStream(streams: Streams, input: Input): Stream {
  const arn = optionalString(input, 'StreamARN');
  const name = optionalString(input, 'StreamName') ?? arn?.split('stream/')[1];
  if (name === undefined) throw new AwsError('InvalidArgumentException', 'a StreamName or a StreamARN is required');
  return streams.find(name);
}

function createStream(streams: Streams, input: Input): void {
  const mode = (input.StreamModeDetails as { StreamMode?: string } | undefined)?.StreamMode ?? 'PROVISIONED';
  if (mode !== 'PROVISIONED' && mode !== 'ON_DEMAND') {
    throw new AwsError('ValidationException', `${mode} is not a stream mode`);
  }
  streams.create(requiredString(input, 'StreamName'), mode, optionalInteger(input, 'ShardCount'));
}

function listStreams(streams: Streams): unknown {
  const all = streams.list();
  return {
    StreamNames: all.map(({ settings }) => settings.name),
    StreamSummaries: all.map((stream) => ({
      StreamName: stream.settings.name,
      StreamARN: stream.settings.arn,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: stream.settings.mode },
      StreamCreationTimestamp: stream.createdAt / 1000,
    })),
    HasMoreStreams: false,
  };
}

function describe(stream: Stream) {
  const { name, arn, mode } = stream.settings;
  return {
    StreamName: name,
    StreamARN: arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: stream.createdAt / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
    HasMoreShards: false,
  };
}

function summarize(stream: Stream): unknown {
  const { HasMoreShards: _, ...summary } = describe(stream);
  const open = [...stream.shards.values()].filter((shard) => shard.isOpen);
  return { ...summary, OpenShardCount: open.length, ConsumerCount: 0 };
}

function shardsOf(stream: Stream): unknown[] {
  return [...stream.shards.values()].map(({ description }) => ({
    ShardId: description.id,
    HashKeyRange: { StartingHashKey: toDecimal(description.start), EndingHashKey: toDecimal(description.end) },
    SequenceNumberRange: {
      StartingSequenceNumber: description.startingSequenceNumber,
      ...(description.endingSequenceNumber && { EndingSequenceNumber: description.endingSequenceNumber }),
    },
    ...(description.parents[0] && { ParentShardId: description.parents[0] }),
    ...(description.parents[1] && { AdjacentParentShardId: description.parents[1] }),
  }));
}

function newRecord(input: Input): NewRecord {
  return {
    partitionKey: requiredString(input, 'PartitionKey'),
    explicitHashKey: optionalString(input, 'ExplicitHashKey'),
    data: requiredString(input, 'Data'),
  };
}

function putRecord(stream: Stream, input: Input): unknown {
  const record = newRecord(input);
  checkRecord(record);
  const { shardId, record: stored } = stream.put(record);
  return { ShardId: shardId, SequenceNumber: stored.sequenceNumber, EncryptionType: 'NONE' };
}

function putRecords(stream: Stream, input: Input): unknown {
  if (!Array.isArray(input.Records)) throw new AwsError('ValidationException', 'Records is required');
  const records = (input.Records as Input[]).map(newRecord);
  checkCall(records);
  const stored = records.map((record) => stream.put(record));
  return {
    FailedRecordCount: 0,
    EncryptionType: 'NONE',
    Records: stored.map(({ shardId, record }) => ({ ShardId: shardId, SequenceNumber: record.sequenceNumber })),
  };
}

function getShardIterator(stream: Stream, input: Input): unknown {
  const shard = stream.shard(requiredString(input, 'ShardId'));
  const after = startingPosition(shard, input);
  const { name } = stream.settings;
  const iterator = { stream: name, shardId: shard.description.id, after, issuedAt: Date.now() };
  return { ShardIterator: encodeIterator(iterator) };
}

function getRecords(streams: Streams, input: Input): unknown {
  const iterator = decodeIterator(requiredString(input, 'ShardIterator'));
  const limit = optionalInteger(input, 'Limit') ?? READ_RECORDS_MAX;
  if (limit < 1 || limit > READ_RECORDS_MAX) {
    throw new AwsError('InvalidArgumentException', `Limit is 1 to ${READ_RECORDS_MAX}, not ${limit}`);
  }
  const shard = streams.find(iterator.stream).shard(iterator.shardId);
  const records = firstBytes(shard.readAfter(iterator.after, limit));
  const after = records.at(-1)?.sequenceNumber ?? iterator.after;
  const isFinished = !shard.isOpen && after === shard.latestPosition;
  return {
    Records: records.map(toAnswer),
    MillisBehindLatest: Math.max(0, (shard.latestArrival ?? 0) - (records.at(-1)?.arrivedAt ?? Date.now())),
    ...(!isFinished && { NextShardIterator: encodeIterator({ ...iterator, after, issuedAt: Date.now() }) }),
    ...(isFinished && { ChildShards: childrenOf(streams.find(iterator.stream), shard) }),
  };
}

function firstBytes(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const end = records.findIndex((record) => {
    bytes += bytesOf(record);
    return bytes > READ_BYTES_MAX;
  });
  return end === -1 ? records : records.slice(0, Math.max(1, end));
}

function toAnswer(record: StreamRecord): unknown {
  return {
    SequenceNumber: record.sequenceNumber,
    PartitionKey: record.partitionKey,
    Data: record.data,
    ApproximateArrivalTimestamp: record.arrivedAt / 1000,
    EncryptionType: 'NONE',
  };
}

function childrenOf(stream: Stream, parent: Shard): unknown[] {
  return [...stream.shards.values()]
    .map(({ description }) => description)
    .filter(({ parents }) => parents.includes(parent.description.id))
    .map(({ id, parents, start, end }) => ({
      ShardId: id,
      ParentShards: parents,
      HashKeyRange: { StartingHashKey: toDecimal(start), EndingHashKey: toDecimal(end) },
    }));
}

function setRetention(stream: Stream, input: Input): void {
  const hours = optionalInteger(input, 'RetentionPeriodHours');
  if (hours === undefined || hours < 24 || hours > 8760) {
    throw new AwsError('InvalidArgumentException', 'RetentionPeriodHours is 24 to 8760');
  }
  stream.retentionHours = hours;
}
