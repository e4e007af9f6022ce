/** The records of one shard, in order of their sequence numbers, and the range of hash keys that lead to it. */
import type { HashKey } from './hash-key.ts';

export interface StreamRecord {
  /** Fixed width, so that comparing strings compares numbers. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64, as it came and as it leaves. */
  readonly data: string;
  readonly arrivedAt: number;
}

export interface ShardDescription {
  readonly id: string;
  readonly start: HashKey;
  readonly end: HashKey;
  readonly startingSequenceNumber: string;
  readonly parents: readonly string[];
  /** Set once the shard was split or merged: it takes no more records. */
  endingSequenceNumber?: string;
}

export class Shard {
  readonly description: ShardDescription;
  #records: StreamRecord[] = [];

  constructor(description: ShardDescription) {
    this.description = description;
  }

  get isOpen(): boolean {
    return this.description.endingSequenceNumber === undefined;
  }

  append(record: StreamRecord): void {
    this.#records.push(record);
  }

  /** Drops what arrived before `time`. Cheap while nothing is that old. */
  trim(time: number): void {
    const first = this.#records[0];
    if (first === undefined || first.arrivedAt >= time) return;
    this.#records = this.#records.slice(this.indexAtTime(time));
  }

  /** Up to `limit` records after the sequence number; an empty one stands before the first. */
  readAfter(sequenceNumber: string, limit: number): readonly StreamRecord[] {
    const from = this.#findIndex((record) => record.sequenceNumber > sequenceNumber);
    return this.#records.slice(from, from + limit);
  }

  indexAtTime(time: number): number {
    return this.#findIndex((record) => record.arrivedAt >= time);
  }

  /** The sequence number just before the first record that arrived at `time` or later. */
  positionAtTime(time: number): string {
    return this.#records[this.indexAtTime(time) - 1]?.sequenceNumber ?? '';
  }

  get latestPosition(): string {
    return this.#records.at(-1)?.sequenceNumber ?? '';
  }

  get latestArrival(): number | undefined {
    return this.#records.at(-1)?.arrivedAt;
  }

  get size(): number {
    return this.#records.length;
  }

  #findIndex(holds: (record: StreamRecord) => boolean): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#records[middle] as StreamRecord)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
