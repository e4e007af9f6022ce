/**
 * One Kinesis data stream in memory: shards, increasing sequence numbers, retention, resharding.
 * Consumers inside the process are woken by `onPut` instead of polling.
 */
import { AwsError } from '../aws-json.ts';
import { divideRange, fromDecimal, fromNumber, type HashKey, hashKeyOf, toNumber } from './hash-key.ts';
import { Shard, type ShardDescription, type StreamRecord } from './shard.ts';

export interface StreamSettings {
  readonly name: string;
  readonly arn: string;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly shardCount: number;
}

export interface NewRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
  readonly data: string;
}

export interface StoredRecord {
  readonly shardId: string;
  readonly record: StreamRecord;
}

const SEQUENCE_DIGITS = 54;
const TRIM_EVERY_RECORDS = 1_000;
const HOUR_MS = 3_600_000;

export class Stream {
  readonly settings: StreamSettings;
  readonly createdAt = Date.now();
  readonly shards = new Map<string, Shard>();
  retentionHours = 24;
  #sequence = 0;
  #shardsMade = 0;
  readonly #listeners = new Set<(shardId: string) => void>();
  readonly #recorders = new Set<(stored: StoredRecord) => void>();
  readonly #reshardListeners = new Set<() => void>();

  constructor(settings: StreamSettings, shards?: readonly ShardDescription[]) {
    this.settings = settings;
    if (shards) for (const description of shards) this.#adopt(description);
    else for (const [start, end] of divideRange(settings.shardCount)) this.#open(start, end, []);
  }

  /** Calls back at each put, with the shard that received it. Returns what ends it. */
  onPut(listener: (shardId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onStored(recorder: (stored: StoredRecord) => void): void {
    this.#recorders.add(recorder);
  }

  onReshard(listener: () => void): void {
    this.#reshardListeners.add(listener);
  }

  put({ partitionKey, explicitHashKey, data }: NewRecord): StoredRecord {
    const hashKey = explicitHashKey === undefined ? hashKeyOf(partitionKey) : fromDecimal(explicitHashKey);
    const shard = this.#shardOf(hashKey);
    const record = { sequenceNumber: this.#nextSequenceNumber(), partitionKey, data, arrivedAt: Date.now() };
    const stored = { shardId: shard.description.id, record };
    shard.append(record);
    if (this.#sequence % TRIM_EVERY_RECORDS === 0) this.#trim();
    for (const recorder of this.#recorders) recorder(stored);
    for (const listener of this.#listeners) listener(stored.shardId);
    return stored;
  }

  /** How many numbers were given: readers that come back have seen up to here, even if nothing of it is kept. */
  get sequence(): number {
    return this.#sequence;
  }

  goOnFrom(sequence: number): void {
    this.#sequence = Math.max(this.#sequence, sequence);
  }

  /** Takes back a record of an earlier run. */
  restore({ shardId, record }: StoredRecord): void {
    this.goOnFrom(Number(record.sequenceNumber.slice(2)));
    if (record.arrivedAt < Date.now() - this.retentionHours * HOUR_MS) return;
    this.shards.get(shardId)?.append(record);
  }

  shard(id: string): Shard {
    const shard = this.shards.get(id);
    if (shard) return shard;
    throw new AwsError('ResourceNotFoundException', `Shard ${id} in stream ${this.settings.name} does not exist`);
  }

  split(shardId: string, newStartingHashKey: string): void {
    const parent = this.#openShard(shardId);
    const middle = fromDecimal(newStartingHashKey);
    const { start, end } = parent.description;
    if (middle <= start || middle > end) {
      throw new AwsError('InvalidArgumentException', `${newStartingHashKey} does not divide the range of ${shardId}`);
    }
    this.#close(parent);
    this.#open(start, fromNumber(toNumber(middle) - 1n), [shardId]);
    this.#open(middle, end, [shardId]);
    for (const listener of this.#reshardListeners) listener();
  }

  merge(shardId: string, adjacentId: string): void {
    const pair = [this.#openShard(shardId), this.#openShard(adjacentId)];
    const [low, high] = pair.map(({ description }) => description).sort((a, b) => (a.start < b.start ? -1 : 1));
    if (!low || !high || toNumber(low.end) + 1n !== toNumber(high.start)) {
      throw new AwsError('InvalidArgumentException', `${shardId} and ${adjacentId} are not adjacent`);
    }
    for (const shard of pair) this.#close(shard);
    this.#open(low.start, high.end, [shardId, adjacentId]);
    for (const listener of this.#reshardListeners) listener();
  }

  #trim(): void {
    const oldest = Date.now() - this.retentionHours * HOUR_MS;
    for (const shard of this.shards.values()) shard.trim(oldest);
  }

  #shardOf(hashKey: HashKey): Shard {
    for (const shard of this.shards.values()) {
      const { start, end } = shard.description;
      if (shard.isOpen && start <= hashKey && hashKey <= end) return shard;
    }
    throw new Error(`the open shards of ${this.settings.name} do not cover hash key ${hashKey}`);
  }

  #openShard(id: string): Shard {
    const shard = this.shard(id);
    if (!shard.isOpen) throw new AwsError('ResourceInUseException', `Shard ${id} is closed`);
    return shard;
  }

  #open(start: HashKey, end: HashKey, parents: readonly string[]): void {
    const id = `shardId-${String(this.#shardsMade).padStart(12, '0')}`;
    this.#adopt({ id, start, end, parents, startingSequenceNumber: this.#nextSequenceNumber() });
  }

  #adopt(description: ShardDescription): void {
    this.#shardsMade += 1;
    this.shards.set(description.id, new Shard(description));
    const { startingSequenceNumber: first, endingSequenceNumber: last = first } = description;
    this.goOnFrom(Math.max(Number(first.slice(2)), Number(last.slice(2))));
  }

  #close(shard: Shard): void {
    shard.description.endingSequenceNumber = this.#nextSequenceNumber();
  }

  #nextSequenceNumber(): string {
    this.#sequence += 1;
    return `49${String(this.#sequence).padStart(SEQUENCE_DIGITS, '0')}`;
  }
}
