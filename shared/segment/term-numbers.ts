/**
 * Numbers for terms, which are bits of words: all of a definition's in one word wherever its answer is read off them, and
 * definitions over the same attributes side by side, so that an attribute's terms fill few words.
 */
import { entry } from '#shared/kernel/entry.ts';
import type { AttributeTerms, AttributeTest } from './attribute-terms.ts';

export const WORD_BITS = 32;

interface WithTerms {
  readonly attributeTerms: AttributeTerms;
}

export interface TermNumbers<Definition> {
  readonly words: number;
  /** By the term's number; undefined where a number is left out. */
  readonly owners: readonly (Definition | undefined)[];
  /** The terms of definitions that hold exactly if one of them does. */
  readonly places: ReadonlyMap<Definition, { readonly word: number; readonly bits: number }>;
  /** The terms that ask for each test, by attribute. */
  readonly tests: ReadonlyMap<string, ReadonlyMap<AttributeTest, readonly number[]>>;
}

export function numberTerms<Definition extends WithTerms>(definitions: readonly Definition[]): TermNumbers<Definition> {
  const owners: (Definition | undefined)[] = [];
  const places = new Map<Definition, { readonly word: number; readonly bits: number }>();
  const known = new Map<string, AttributeTest>();
  const tests = new Map<string, Map<AttributeTest, number[]>>();
  for (const definition of sideBySide(definitions)) {
    const { terms, isWhole } = definition.attributeTerms;
    if (isWhole && (owners.length % WORD_BITS) + terms.length > WORD_BITS) skipToNextWord(owners);
    if (isWhole) places.set(definition, placeFrom(owners.length, terms.length));
    for (const term of terms) {
      // It stands whatever the attributes are.
      if (term.length === 0 && !isWhole) continue;
      for (const asked of term) {
        const test = entry(known, asked.key, () => asked);
        const ofRoot = entry(tests, asked.root, () => new Map<AttributeTest, number[]>());
        entry(ofRoot, test, () => []).push(owners.length);
      }
      owners.push(definition);
    }
  }
  return { words: Math.ceil(owners.length / WORD_BITS), owners, places, tests };
}

function placeFrom(start: number, terms: number) {
  const bits = terms === WORD_BITS ? -1 : ((1 << terms) - 1) << (start % WORD_BITS);
  return { word: Math.floor(start / WORD_BITS), bits };
}

function skipToNextWord(owners: unknown[]): void {
  while (owners.length % WORD_BITS !== 0) owners.push(undefined);
}

/** By their attributes, the one that most definitions ask for first. */
function sideBySide<Definition extends WithTerms>(definitions: readonly Definition[]): readonly Definition[] {
  const asked = new Map<string, number>();
  const rootsOf = ({ attributeTerms: { terms } }: Definition) => [...new Set(terms.flat().map(({ root }) => root))];
  for (const definition of definitions)
    for (const root of rootsOf(definition)) asked.set(root, (asked.get(root) ?? 0) + 1);
  const byRank = [...asked].sort(([, left], [, right]) => right - left).map(([root]) => root);
  const rank = new Map(byRank.map((root, index) => [root, String.fromCharCode(index)]));
  const keyed = definitions.map((definition) => {
    const ranks = rootsOf(definition).map((root) => rank.get(root) as string);
    return { definition, key: ranks.sort().join('') };
  });
  return keyed
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map((each) => each.definition);
}
