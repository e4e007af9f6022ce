/**
 * A table's stream as an event source, read over its API. Creation times are moved to the service's clock; an ending
 * sequence number on a shard says nothing about this engine, so the iterator decides when a shard is over.
 */
import { REGION } from '../aws-account.ts';
import { AwsError } from '../engines/aws-json.ts';
import type { Call } from '../engines/aws-json-client.ts';
import type { Matches } from './filter-pattern.ts';
import type { SourceRecord } from './mapping-settings.ts';
import type { ShardPage, ShardReader } from './shard-consumer.ts';
import type { Source, SourceShard, StartingPosition } from './source.ts';

export interface DynamoDbSourceSettings {
  readonly streamArn: string;
  readonly callStreams: Call;
  readonly starting: StartingPosition;
  readonly clockOffsetMs: number;
  /** A record is delivered if one of them matches; without any, always. */
  readonly filters: readonly Matches[];
}

interface StreamRecord {
  readonly eventID: string;
  readonly dynamodb: {
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly ApproximateCreationDateTime: number;
  };
}

const READ_RECORDS_MAX = 1_000;
const POLL_MS_MIN = 5;
const POLL_MS_MAX = 50;

export function dynamoDbSource(settings: DynamoDbSourceSettings): Source {
  return {
    arn: settings.streamArn,
    listShards: () => listShards(settings),
    open: (shardId, after) => open(settings, shardId, after),
    // Shards end without notice; the mapping looks again when one does.
    onReshard: () => {},
  };
}

async function listShards({ callStreams, streamArn }: DynamoDbSourceSettings): Promise<readonly SourceShard[]> {
  const answer = await callStreams<{ StreamDescription: { Shards: { ShardId: string; ParentShardId?: string }[] } }>(
    'DescribeStream',
    { StreamArn: streamArn },
  );
  return answer.StreamDescription.Shards.map(({ ShardId, ParentShardId }) => ({
    id: ShardId,
    parents: ParentShardId === undefined ? [] : [ParentShardId],
  }));
}

async function open(
  settings: DynamoDbSourceSettings,
  shardId: string,
  after: string | undefined,
): Promise<ShardReader> {
  let last = after;
  let iterator = await iteratorAt(settings, shardId, last);
  let pauseMs = POLL_MS_MIN;
  const read = async (limit: number): Promise<ShardPage> => {
    const Limit = Math.min(limit, READ_RECORDS_MAX);
    const page = await settings
      .callStreams<{ Records: StreamRecord[]; NextShardIterator?: string }>('GetRecords', {
        ShardIterator: iterator,
        Limit,
      })
      .catch(async (error: unknown) => {
        iterator = await iteratorAt(settings, shardId, last);
        throw error;
      });
    iterator = page.NextShardIterator ?? iterator;
    const position = page.Records.at(-1)?.dynamodb.SequenceNumber;
    last = position ?? last;
    pauseMs = position === undefined ? Math.min(pauseMs * 2, POLL_MS_MAX) : POLL_MS_MIN;
    return { records: accepted(page.Records, settings), position, isFinished: page.NextShardIterator === undefined };
  };
  return { shardId, read, waitForMore: () => new Promise((resolve) => setTimeout(resolve, pauseMs)) };
}

async function iteratorAt(
  { callStreams, streamArn, starting }: DynamoDbSourceSettings,
  shardId: string,
  after: string | undefined,
): Promise<string> {
  const get = async (position: object) => {
    const input = { StreamArn: streamArn, ShardId: shardId, ...position };
    return (await callStreams<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
  };
  if (after === undefined) return get({ ShardIteratorType: starting.type });
  try {
    return await get({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after });
  } catch (error) {
    if (!(error instanceof AwsError) || error.type !== 'TrimmedDataAccessException') throw error;
    return get({ ShardIteratorType: 'TRIM_HORIZON' });
  }
}

function accepted(records: readonly StreamRecord[], settings: DynamoDbSourceSettings): SourceRecord[] {
  const events = records.map((record) => toEvent(record, settings));
  const { filters } = settings;
  const wanted = filters.length === 0 ? events : events.filter((event) => filters.some((matches) => matches(event)));
  return wanted.map((event) => ({
    sequenceNumber: event.dynamodb.SequenceNumber,
    orderKey: JSON.stringify(event.dynamodb.Keys),
    arrivedAt: event.dynamodb.ApproximateCreationDateTime * 1000,
    bytes: 2 * event.dynamodb.SizeBytes,
    event,
  }));
}

function toEvent(record: StreamRecord, { streamArn, clockOffsetMs }: DynamoDbSourceSettings): StreamRecord {
  const created = record.dynamodb.ApproximateCreationDateTime + clockOffsetMs / 1000;
  const dynamodb = { ...record.dynamodb, ApproximateCreationDateTime: created };
  const event = { ...record, dynamodb, awsRegion: REGION, eventSource: 'aws:dynamodb', eventSourceARN: streamArn };
  return event;
}
