/**
 * What batch work may take of a table or a stream each second, shared by every process that takes of it. One number says
 * it all: the instant at which everything taken so far is paid for. Pure; a store keeps the number.
 */

export interface Rate {
  readonly unitsPerSecond: number;
  /** What may be taken at once after a pause, in seconds of the rate. */
  readonly burstSeconds: number;
}

export interface Reservation {
  readonly paidAt: number;
  readonly waitMs: number;
}

/** Units are taken first and waited for afterwards: what a read costs is known when it is done. */
export function reserve(paidAt: number, now: number, units: number, rate: Rate): Reservation {
  const earliest = now - rate.burstSeconds * 1000;
  const next = Math.max(paidAt, earliest) + costMs(units, rate);
  return { paidAt: next, waitMs: Math.max(0, next - now) };
}

export const costMs = (units: number, { unitsPerSecond }: Rate) => (units / unitsPerSecond) * 1000;

/** Says how long to wait for what was just taken. */
export interface TokenBucket {
  take(units: number): Promise<number>;
}

/**
 * Small amounts are added up, so that a shared bucket is asked about once in a while, and the wait comes in one piece.
 */
export class Throttle {
  readonly #bucket: TokenBucket;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #unitsAtOnce: number;
  #debt = 0;

  constructor(bucket: TokenBucket, unitsAtOnce: number, pause: (ms: number) => Promise<void>) {
    this.#bucket = bucket;
    this.#unitsAtOnce = unitsAtOnce;
    this.#pause = pause;
  }

  async take(units: number): Promise<void> {
    this.#debt += units;
    if (this.#debt < this.#unitsAtOnce) return;
    const debt = this.#debt;
    this.#debt = 0;
    const waitMs = await this.#bucket.take(debt);
    if (waitMs > 0) await this.#pause(waitMs);
  }
}
