/**
 * How numbers are spread: counts in buckets whose width grows with the number, so that any quantile is within 5 % of a
 * number that has that rank (DDSketch, arXiv:1908.10693). Two of them merge by adding counts. With more buckets than are
 * kept, those nearest to zero become one; the bound then holds for the others.
 */
export const RELATIVE_ERROR = 0.05;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Six decades of numbers of one sign. */
export const BUCKETS_MAX = 160;
/** Nearer to zero than this is zero. */
const ZERO = 1e-9;

/** Sign and bucket in one number: positive numbers have keys above zero, negative ones below, in order of size. */
const OFFSET = 10_000;

export class Quantiles {
  readonly #buckets: Map<number, number>;
  min: number;
  max: number;

  constructor({ min, max, buckets }: QuantilesJson = EMPTY) {
    this.#buckets = new Map(buckets);
    this.min = min ?? Number.POSITIVE_INFINITY;
    this.max = max ?? Number.NEGATIVE_INFINITY;
  }

  toJson(): QuantilesJson {
    const buckets = [...this.#buckets].sort(([left], [right]) => left - right);
    return { min: this.min, max: this.max, buckets };
  }

  add(value: number, weight: number): void {
    this.#raise(keyOf(value), weight);
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.#shrink();
  }

  merge(other: Quantiles): void {
    for (const [key, count] of other.#buckets) this.#raise(key, count);
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.#shrink();
  }

  /** Undefined of nothing. `share` is 0 to 1. */
  quantile(share: number): number | undefined {
    const buckets = this.toJson().buckets;
    const total = buckets.reduce((sum, [, count]) => sum + count, 0);
    let rest = share * total;
    for (const [key, count] of buckets) {
      rest -= count;
      if (rest <= 0) return Math.min(this.max, Math.max(this.min, numberOf(key)));
    }
    return total === 0 ? undefined : this.max;
  }

  #raise(key: number, weight: number): void {
    this.#buckets.set(key, (this.#buckets.get(key) ?? 0) + weight);
  }

  #shrink(): void {
    if (this.#buckets.size <= BUCKETS_MAX) return;
    const nearest = [...this.#buckets.keys()].sort((left, right) => Math.abs(left) - Math.abs(right));
    const surplus = nearest.slice(0, nearest.length - BUCKETS_MAX);
    const into = nearest[surplus.length] ?? 0;
    for (const key of surplus) {
      this.#raise(into, this.#buckets.get(key) ?? 0);
      this.#buckets.delete(key);
    }
  }
}

function keyOf(value: number): number {
  if (Math.abs(value) < ZERO) return 0;
  const bucket = Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA) + OFFSET;
  return value > 0 ? bucket : -bucket;
}

/** The number that is nowhere further than the error from any of its bucket. */
function numberOf(key: number): number {
  if (key === 0) return 0;
  return Math.sign(key) * ((2 * GAMMA ** (Math.abs(key) - OFFSET)) / (GAMMA + 1));
}

export interface QuantilesJson {
  /** Null where JSON has no infinity: there was no number. */
  readonly min: number | null;
  readonly max: number | null;
  readonly buckets: readonly (readonly [key: number, count: number])[];
}

const EMPTY: QuantilesJson = { min: null, max: null, buckets: [] };
