/**
 * Which definitions a change of attributes may concern, without evaluating each: a definition over `country = "DE"` is no
 * business of somebody who moves from France to Spain, nor one over `country = "DE" and ltv >= 500` of somebody in France
 * whose `ltv` goes from 400 to 600. Terms are bits: 32 of them are looked at in one step, and where terms say everything
 * that a definition asks its answer is read off them.
 */
import { entry } from '#shared/kernel/entry.ts';
import type { MergedAttributes } from '#shared/profile/merge-policy.ts';
import { AttributeMasks, type Mask } from './attribute-masks.ts';
import type { AttributeTerms } from './attribute-terms.ts';
import { numberTerms, type TermNumbers, WORD_BITS } from './term-numbers.ts';

interface WithTerms {
  readonly attributeTerms: AttributeTerms;
}

/** Definitions with the answer from now on; undefined where attributes alone don't say. */
export type Concerned<Definition> = Map<Definition, boolean | undefined>;

interface Shelf {
  readonly index: number;
  readonly root: string;
  readonly masks: AttributeMasks;
  /** Those with a term that asks for the attribute. */
  readonly words: readonly number[];
}

export class AttributeIndex<Definition extends WithTerms> {
  readonly #numbers: TermNumbers<Definition>;
  readonly #shelves: readonly Shelf[];
  /** By word: the shelves that its terms ask. */
  readonly #shelvesOf: readonly (readonly number[])[];
  readonly #loose = new Map<string, Definition[]>();
  readonly #ofWhole: Definition[] = [];
  /** By word: the last change in which it was looked at. */
  readonly #seen: Int32Array;
  #change = 0;

  constructor(definitions: readonly Definition[]) {
    this.#numbers = numberTerms(definitions);
    const { words, tests } = this.#numbers;
    this.#shelves = [...tests].map(([root, terms], index) => {
      const touched = new Set([...terms.values()].flatMap((own) => own.map((term) => Math.floor(term / WORD_BITS))));
      return { index, root, masks: new AttributeMasks(terms, words), words: [...touched] };
    });
    const shelvesOf: number[][] = Array.from({ length: words }, () => []);
    for (const [index, shelf] of this.#shelves.entries()) for (const word of shelf.words) shelvesOf[word]?.push(index);
    this.#shelvesOf = shelvesOf;
    this.#seen = new Int32Array(words);
    for (const definition of definitions) this.#placeLoose(definition);
  }

  #placeLoose(definition: Definition): void {
    for (const root of definition.attributeTerms.loose) {
      if (root === undefined) this.#ofWhole.push(definition);
      else entry(this.#loose, root, () => []).push(definition);
    }
  }

  /** Every definition whose answer differs between the two is among them, but for what follows from other segments. */
  changed(before: MergedAttributes, after: MergedAttributes): Concerned<Definition> {
    const found: Concerned<Definition> = new Map();
    for (const definition of this.#ofWhole) found.set(definition, undefined);
    for (const [root, definitions] of this.#loose) {
      if (isSame(before[root], after[root])) continue;
      for (const definition of definitions) found.set(definition, undefined);
    }
    const moved: number[] = [];
    for (const { root, index } of this.#shelves) if (!isSame(before[root], after[root])) moved.push(index);
    if (moved.length > 0) this.#compareWords(moved, before, after, found);
    return found;
  }

  /** Whether a definition holds of the attributes; undefined where they alone don't say. */
  holding(attributes: MergedAttributes): (definition: Definition) => boolean | undefined {
    const standing = new Int32Array(this.#numbers.words).fill(-1);
    for (const { root, masks, words } of this.#shelves) {
      const mask = masks.of(attributes[root] ?? null);
      for (const word of words) standing[word] = (standing[word] as number) & (mask[word] as number);
    }
    return (definition) => {
      const place = this.#numbers.places.get(definition);
      return place && ((standing[place.word] as number) & place.bits) !== 0;
    };
  }

  #compareWords(
    moved: readonly number[],
    before: MergedAttributes,
    after: MergedAttributes,
    found: Concerned<Definition>,
  ): void {
    const from: (Mask | undefined)[] = [];
    const to: (Mask | undefined)[] = [];
    for (const index of moved) from[index] = this.#maskOf(index, before);
    this.#change += 1;
    for (const index of moved) {
      for (const word of (this.#shelves[index] as Shelf).words) {
        if (this.#seen[word] === this.#change) continue;
        this.#seen[word] = this.#change;
        let was = -1;
        let is = -1;
        for (const shelf of this.#shelvesOf[word] as readonly number[]) {
          to[shelf] ??= this.#maskOf(shelf, after);
          const mask = to[shelf] as Mask;
          is &= mask[word] as number;
          was &= (from[shelf] ?? mask)[word] as number;
          if ((is | was) === 0) break;
        }
        if (was !== is) this.#addChanged(word, was, is, found);
      }
    }
  }

  #maskOf(index: number, attributes: MergedAttributes): Mask {
    const { root, masks } = this.#shelves[index] as Shelf;
    return masks.of(attributes[root] ?? null);
  }

  #addChanged(word: number, was: number, is: number, found: Concerned<Definition>): void {
    for (let left = was ^ is; left !== 0; left &= left - 1) {
      const definition = this.#numbers.owners[word * WORD_BITS + 31 - Math.clz32(left & -left)] as Definition;
      const bits = this.#numbers.places.get(definition)?.bits;
      if (bits === undefined) found.set(definition, undefined);
      else if (((was & bits) !== 0) !== ((is & bits) !== 0)) found.set(definition, (is & bits) !== 0);
    }
  }
}

function isSame(was: unknown = null, is: unknown = null): boolean {
  if (was === is) return true;
  return typeof was === 'object' && typeof is === 'object' && JSON.stringify(was) === JSON.stringify(is);
}
