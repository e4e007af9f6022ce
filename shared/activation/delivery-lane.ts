/**
 * How far a destination has been told of one shard of the change feed. One worker at a time holds a lane, so what it
 * reads goes out in the order of the feed:
 *
 *     wake ──▶ wanted + 1 ──take──▶ held ──deliver, advance──▶ … ──nothing left──▶ free
 *                                    │ failed                       │ wanted again meanwhile: goes on
 *                                    ▼                              ▼
 *                        waits for the retry of that number ──────▶ held
 */
export interface LaneKey {
  readonly sandboxName: string;
  readonly destinationId: string;
  readonly shard: number;
}

export interface Lane extends LaneKey {
  /** The sequence of the last change that it was told of, or that was set aside. */
  readonly position: number;
  /** Attempts in a row that failed; 0 when the last one succeeded. */
  readonly failures: number;
  /** Rises with every wake-up; whoever lets go of the lane knows by it that nobody came meanwhile. */
  readonly wanted: number;
  readonly heldUntil: number;
  readonly lastError?: string;
  readonly lastDeliveredAt?: number;
  readonly delivered: number;
  /** Changes that left the feed, after its seven days, before they could be told. */
  readonly lost: number;
  /** Changes that it was not told of because the person refuses that. */
  readonly withheld: number;
}

/** Changes that a destination turned away for good: where they stand in the feed, and why. */
export interface RefusedBatch extends LaneKey {
  readonly id: string;
  /** Both ends belong to it. */
  readonly from: number;
  readonly through: number;
  readonly changes: number;
  readonly reason: string;
  readonly refusedAt: number;
}

/** What a worker learned from one attempt. */
export interface LaneProgress {
  readonly position?: number;
  readonly failures?: number;
  readonly lastError?: string | null;
  readonly lastDeliveredAt?: number;
  /** Added to what was there. */
  readonly delivered?: number;
  readonly lost?: number;
  readonly withheld?: number;
  /** Whoever comes next may have it, whether or not it was wanted meanwhile. */
  readonly letsGo?: true;
}

export interface LaneHold {
  readonly now: number;
  readonly heldUntil: number;
  /** The number of failures that a retry was planned after; a wake-up takes only lanes without any. */
  readonly attempt: number;
}

/** `waiting`: it failed, and a retry is planned. */
export type Taken = Lane | 'held' | 'waiting';

/** Reads are consistent. A lane that nobody began, of a shard that came later, is at 0. */
export interface DeliveryLanes {
  /** Where there was no lane yet. */
  begin(key: LaneKey, position: number): Promise<void>;
  list(sandboxName: string, destinationId: string): Promise<readonly Lane[]>;
  /** Counts the wake-up, and takes the lane if it can be had. */
  take(key: LaneKey, hold: LaneHold): Promise<Taken>;
  /** Undefined if the hold was lost to another worker. */
  advance(lane: Lane, progress: LaneProgress): Promise<Lane | undefined>;
  /** False if it was wanted again since: then it is still held. */
  letGo(lane: Lane): Promise<boolean>;
  /** Forgets the failures: for a destination that was changed or resumed. */
  forgive(key: LaneKey): Promise<void>;
  removeAll(sandboxName: string, destinationId: string): Promise<void>;

  setAside(batch: RefusedBatch): Promise<void>;
  findRefused(sandboxName: string, destinationId: string, id: string): Promise<RefusedBatch | undefined>;
  listRefused(sandboxName: string, destinationId: string, limit: number): Promise<readonly RefusedBatch[]>;
  removeRefused(batch: RefusedBatch): Promise<void>;
}

/** What the queue of deliveries carries: where to look, and never anything of anybody. */
export type DeliveryMessage =
  | { readonly kind: 'wake'; readonly sandboxName: string; readonly shards: readonly number[] }
  | ({ readonly kind: 'lane'; readonly attempt: number } & LaneKey)
  | {
      readonly kind: 'refused';
      readonly sandboxName: string;
      readonly destinationId: string;
      readonly batchId: string;
      readonly attempt: number;
    };

export interface DeliveryQueue {
  send(messages: readonly DeliveryMessage[], delaySeconds?: number): Promise<void>;
}

/** Sorts as the feed does. */
export const refusedBatchId = (shard: number, from: number): string =>
  `${String(shard).padStart(2, '0')}-${String(from).padStart(16, '0')}`;

const BACKOFF_SECONDS = 2;
/** What SQS delays a message by at most. */
const DELAY_SECONDS_MAX = 900;

/** Doubling from two seconds to a quarter of an hour; `chance` in [0, 1) keeps lanes that failed together apart. */
export function backoffSeconds(failures: number, chance: number): number {
  const full = Math.min(DELAY_SECONDS_MAX, BACKOFF_SECONDS * 2 ** Math.max(0, failures - 1));
  return Math.max(1, Math.ceil(full * (0.5 + chance / 2)));
}
