/** Shard iterators: opaque to the client, valid for five minutes. */
import { AwsError, type Input, optionalString, requiredString } from '../aws-json.ts';
import { ITERATOR_LIFETIME_MS } from './limits.ts';
import type { Shard } from './shard.ts';

export interface Iterator {
  readonly stream: string;
  readonly shardId: string;
  /** Reading goes on after this sequence number; empty stands before the first record. */
  readonly after: string;
  readonly issuedAt: number;
}

export function encodeIterator(iterator: Iterator): string {
  return Buffer.from(JSON.stringify(iterator)).toString('base64url');
}

export function decodeIterator(text: string): Iterator {
  const iterator = parse(text);
  if (Date.now() - iterator.issuedAt > ITERATOR_LIFETIME_MS) {
    throw new AwsError('ExpiredIteratorException', 'The iterator is older than five minutes');
  }
  return iterator;
}

function parse(text: string): Iterator {
  try {
    const iterator = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Iterator>;
    if (typeof iterator.shardId === 'string' && typeof iterator.issuedAt === 'number') return iterator as Iterator;
  } catch {
    // Falls to the answer below: whatever is wrong with it, it did not come from here.
  }
  throw new AwsError('InvalidArgumentException', 'The shard iterator is not one of this service');
}

/** The position that GetShardIterator asks for. */
export function startingPosition(shard: Shard, input: Input): string {
  const type = requiredString(input, 'ShardIteratorType');
  switch (type) {
    case 'TRIM_HORIZON':
      return '';
    case 'LATEST':
      return shard.latestPosition;
    case 'AT_TIMESTAMP':
      return shard.positionAtTime(timestampOf(input) * 1000);
    case 'AFTER_SEQUENCE_NUMBER':
      return sequenceNumberOf(input);
    case 'AT_SEQUENCE_NUMBER':
      return before(sequenceNumberOf(input));
    default:
      throw new AwsError('InvalidArgumentException', `${type} is not a ShardIteratorType`);
  }
}

function timestampOf(input: Input): number {
  if (typeof input.Timestamp === 'number') return input.Timestamp;
  throw new AwsError('InvalidArgumentException', 'AT_TIMESTAMP needs a Timestamp');
}

function sequenceNumberOf(input: Input): string {
  const sequenceNumber = optionalString(input, 'StartingSequenceNumber');
  if (sequenceNumber && /^\d+$/.test(sequenceNumber)) return sequenceNumber;
  throw new AwsError('InvalidArgumentException', 'this ShardIteratorType needs a StartingSequenceNumber');
}

function before(sequenceNumber: string): string {
  return (BigInt(sequenceNumber) - 1n).toString().padStart(sequenceNumber.length, '0');
}
