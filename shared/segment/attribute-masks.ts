/**
 * Which terms an attribute's value leaves standing, one bit a term. Values that no test tells apart share a mask, which is
 * made when the first of them is seen.
 */
import type { AttributeTest } from './attribute-terms.ts';

export type Mask = Int32Array;

/** Tests of one attribute: each with the numbers of the terms that ask for it. */
export type TermsByTest = ReadonlyMap<AttributeTest, readonly number[]>;

const MASKS_MAX = 512;
const OTHER_TEXT = Symbol('a text that no test names');

export class AttributeMasks {
  readonly #tests: readonly (readonly [AttributeTest['holds'], readonly number[]])[];
  readonly #words: number;
  /** Where all tests compare with numbers: these, in rising order. */
  readonly #bounds: readonly number[] | undefined;
  /** Where all tests ask for texts: these. */
  readonly #texts: ReadonlySet<string> | undefined;
  readonly #known = new Map<unknown, Mask>();

  /** `words`: of 32 bits each, enough for every term's number. */
  constructor(tests: TermsByTest, words: number) {
    this.#tests = [...tests].map(([{ holds }, terms]) => [holds, terms]);
    this.#words = words;
    const [bounds, texts] = [[...tests.keys()].map(({ bound }) => bound), [...tests.keys()].map((test) => test.texts)];
    if (bounds.every((bound) => bound !== undefined)) this.#bounds = [...new Set(bounds)].sort((a, b) => a - b);
    if (texts.every((each) => each !== undefined)) this.#texts = new Set(texts.flat());
  }

  /** Not to be written to. */
  of(value: unknown): Mask {
    const key = this.#keyOf(value);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MASKS_MAX) this.#known.clear();
    const mask = this.#make(value);
    this.#known.set(key, mask);
    return mask;
  }

  #keyOf(value: unknown): unknown {
    switch (typeof value) {
      case 'number':
        return this.#bounds === undefined ? value : placeAmong(this.#bounds, value);
      case 'string':
        // A text that is kept as it is must not be taken for a list that is written as one.
        return this.#texts === undefined ? `=${value}` : this.#texts.has(value) ? value : OTHER_TEXT;
      case 'object':
        return value === null ? null : JSON.stringify(value);
      default:
        return value;
    }
  }

  #make(value: unknown): Mask {
    const mask = new Int32Array(this.#words).fill(-1);
    for (const [holds, terms] of this.#tests) {
      if (holds(value)) continue;
      for (const term of terms) mask[term >>> 5] = (mask[term >>> 5] as number) & ~(1 << (term & 31));
    }
    return mask;
  }
}

/** Twice the number of bounds below the value, and one more if it is a bound itself. */
function placeAmong(bounds: readonly number[], value: number): number {
  let [start, end] = [0, bounds.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if ((bounds[middle] as number) < value) start = middle + 1;
    else end = middle;
  }
  return 2 * start + (bounds[start] === value ? 1 : 0);
}
