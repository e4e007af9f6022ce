/**
 * Entropy for hand-written generators: a list of numbers that fast-check draws and shrinks. Once it is used up every
 * choice is the first one, so a generator whose first choices are the simplest shrinks to simple examples.
 */
import fc from 'fast-check';

export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(limit: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number % limit;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** Calls one of the makers. */
  from<Made>(...makers: readonly (() => Made)[]): Made {
    return this.of(makers)();
  }

  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  times<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

export const choices = (length: number): fc.Arbitrary<Choices> =>
  fc.array(fc.nat(1_000_003), { minLength: length, maxLength: length }).map((numbers) => new Choices(numbers));
