/**
 * The most frequent values, by space-saving: a bounded number of counters, each at most `error` too high. Whatever was
 * seen more often than `floor` has a counter. Merged, the sums hold the same (Agarwal et al., Mergeable summaries).
 */
export interface TopValue {
  readonly value: string;
  /** At most this often … */
  readonly count: number;
  /** … and at least this much less. */
  readonly error: number;
}

interface Counter {
  count: number;
  error: number;
}

export class TopValues {
  readonly #capacity: number;
  readonly #counters = new Map<string, Counter>();
  /** No value without a counter was seen more often. */
  #floor = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  static fromJson(capacity: number, { floor, values }: TopValuesJson): TopValues {
    const top = new TopValues(capacity);
    top.#floor = floor;
    for (const [value, count, error] of values) top.#counters.set(value, { count, error });
    return top;
  }

  toJson(): TopValuesJson {
    return { floor: this.#floor, values: this.list().map(({ value, count, error }) => [value, count, error]) };
  }

  add(value: string, weight: number): void {
    const counter = this.#counters.get(value);
    if (counter !== undefined) counter.count += weight;
    else this.#counters.set(value, { count: this.#floor + weight, error: this.#floor });
    this.#shrink();
  }

  merge(other: TopValues): void {
    const before = this.#floor;
    for (const [value, counter] of this.#counters) {
      if (other.#counters.has(value)) continue;
      counter.count += other.#floor;
      counter.error += other.#floor;
    }
    for (const [value, { count, error }] of other.#counters) {
      const known = this.#counters.get(value) ?? { count: before, error: before };
      this.#counters.set(value, { count: known.count + count, error: known.error + error });
    }
    this.#floor = before + other.#floor;
    this.#shrink();
  }

  /** The most frequent first; ties by text, so that the same counts make the same list. */
  list(): readonly TopValue[] {
    return [...this.#counters]
      .map(([value, { count, error }]) => ({ value, count, error }))
      .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
  }

  /** False where it has no counter. What it counted bounds what an absent value may have had. */
  forget(value: string): boolean {
    const counter = this.#counters.get(value);
    if (counter === undefined) return false;
    this.#floor = Math.max(this.#floor, counter.count);
    return this.#counters.delete(value);
  }

  /** The smallest counters go, and the largest of them is what an absent value may have had. */
  #shrink(): void {
    while (this.#counters.size > this.#capacity) {
      let [smallest, least] = ['', Number.POSITIVE_INFINITY];
      for (const [value, { count }] of this.#counters) if (count < least) [smallest, least] = [value, count];
      this.#floor = Math.max(this.#floor, least);
      this.#counters.delete(smallest);
    }
  }
}

export interface TopValuesJson {
  readonly floor: number;
  readonly values: readonly (readonly [value: string, count: number, error: number])[];
}
