/** A Kinesis stream as an event source: read in place and woken at each put, since the engine is in this process. */
import { ACCOUNT, REGION } from '../aws-account.ts';
import type { Shard, StreamRecord } from '../engines/kinesis/shard.ts';
import type { Stream } from '../engines/kinesis/stream.ts';
import type { SourceRecord } from './mapping-settings.ts';
import type { ShardReader } from './shard-consumer.ts';
import type { Source, StartingPosition } from './source.ts';

/** Only so that a closed shard is noticed: puts wake the reader at once. */
const WAIT_MS_MAX = 1_000;

export function kinesisSource(stream: Stream, starting: StartingPosition): Source {
  return {
    arn: stream.settings.arn,
    listShards: async () => [...stream.shards.values()].map(({ description: { id, parents } }) => ({ id, parents })),
    open: async (shardId, after) => reader(stream, shardId, after ?? start(stream.shard(shardId), starting)),
    onReshard: (listener) => stream.onReshard(listener),
  };
}

function start(shard: Shard, starting: StartingPosition): string {
  if (starting.type === 'AT_TIMESTAMP') return shard.positionAtTime(starting.time);
  return starting.type === 'LATEST' ? shard.latestPosition : '';
}

function reader(stream: Stream, shardId: string, start: string): ShardReader {
  const shard = stream.shard(shardId);
  let position = start;
  return {
    shardId,
    read: async (limit) => {
      const records = shard.readAfter(position, limit);
      const last = records.at(-1)?.sequenceNumber;
      position = last ?? position;
      return {
        records: records.map((record) => toSourceRecord(stream, shardId, record)),
        position: last,
        isFinished: !shard.isOpen && position >= shard.latestPosition,
      };
    },
    waitForMore: () => (shard.latestPosition > position ? Promise.resolve() : nextPut(stream, shardId)),
  };
}

function nextPut(stream: Stream, shardId: string): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stopListening();
      resolve();
    };
    const timer = setTimeout(finish, WAIT_MS_MAX);
    const stopListening = stream.onPut((changed) => {
      if (changed === shardId) finish();
    });
  });
}

function toSourceRecord(stream: Stream, shardId: string, record: StreamRecord): SourceRecord {
  const { sequenceNumber, partitionKey, data, arrivedAt } = record;
  return {
    sequenceNumber,
    orderKey: partitionKey,
    arrivedAt,
    bytes: data.length,
    event: {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey,
        sequenceNumber,
        data,
        approximateArrivalTimestamp: arrivedAt / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: `arn:aws:iam::${ACCOUNT}:role/local`,
      awsRegion: REGION,
      eventSourceARN: stream.settings.arn,
    },
  };
}
