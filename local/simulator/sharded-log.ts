/**
 * A stream as its readers see it: shards by ranges of hashed keys, each read in so many lanes; a shard that is split or
 * merged is closed, and nobody reads its children before it is drained. Serves for Kinesis and for a table's stream.
 */
import { hash32 } from '#shared/profile/hash.ts';
import type { Random } from './random.ts';

export interface Entry<Payload> {
  readonly sequenceNumber: string;
  readonly key: string;
  /** Epoch milliseconds. */
  readonly arrival: number;
  readonly payload: Payload;
}

export interface Lane<Payload> {
  readonly name: string;
  /** Not yet finished, in order. */
  readonly entries: Entry<Payload>[];
}

interface Shard<Payload> {
  readonly id: number;
  /** Hashes from `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
  readonly parents: readonly Shard<Payload>[];
  readonly lanes: readonly Lane<Payload>[];
  isOpen: boolean;
}

const HASHES = 2 ** 32;

export class ShardedLog<Payload> {
  readonly #lanesPerShard: number;
  readonly #shards: Shard<Payload>[] = [];
  #count = 0;

  constructor(shards: number, lanesPerShard: number) {
    this.#lanesPerShard = lanesPerShard;
    for (let index = 0; index < shards; index++) {
      this.#open(Math.ceil((HASHES / shards) * index), Math.ceil((HASHES / shards) * (index + 1)), []);
    }
  }

  #open(from: number, to: number, parents: readonly Shard<Payload>[]): void {
    const id = this.#shards.length;
    const lanes = Array.from({ length: this.#lanesPerShard }, (_, lane) => ({ name: `${id}/${lane}`, entries: [] }));
    this.#shards.push({ id, from, to, parents, lanes, isOpen: true });
  }

  put(key: string, arrival: number, payload: Payload): string {
    const hash = hash32(key);
    const shard = this.#shards.find(({ isOpen, from, to }) => isOpen && from <= hash && hash < to) as Shard<Payload>;
    const sequenceNumber = String(++this.#count).padStart(10, '0');
    // Another hash than the shard's: a lane's keys are no range of it.
    const lane = shard.lanes[hash32(`lane ${key}`) % this.#lanesPerShard] as Lane<Payload>;
    lane.entries.push({ sequenceNumber, key, arrival, payload });
    return sequenceNumber;
  }

  /** Splits a shard, or merges two neighbours. */
  reshard(random: Random): void {
    const open = this.#shards.filter(({ isOpen }) => isOpen).sort((left, right) => left.from - right.from);
    const at = random.below(open.length);
    const [shard, next] = [open[at] as Shard<Payload>, open[at + 1]];
    shard.isOpen = false;
    if (next !== undefined && random.chance(0.5)) {
      next.isOpen = false;
      this.#open(shard.from, next.to, [shard, next]);
      return;
    }
    const middle = Math.floor((shard.from + shard.to) / 2);
    this.#open(shard.from, middle, [shard]);
    this.#open(middle, shard.to, [shard]);
  }

  /** Lanes that may be read now and hold something. */
  readyLanes(): readonly Lane<Payload>[] {
    const isDrained = ({ lanes }: Shard<Payload>) => lanes.every(({ entries }) => entries.length === 0);
    const isReady = ({ parents }: Shard<Payload>): boolean => parents.every((each) => isDrained(each) && isReady(each));
    return this.#shards.filter(isReady).flatMap(({ lanes }) => lanes.filter(({ entries }) => entries.length > 0));
  }

  get isDrained(): boolean {
    return this.#shards.every(({ lanes }) => lanes.every(({ entries }) => entries.length === 0));
  }
}
