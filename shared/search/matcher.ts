/** Whether something is what a search asks for. */
import { unreachable } from '#shared/kernel/invariant.ts';
import { compilePattern, isPattern } from '#shared/pql/regex.ts';
import { type Field, fold, type Query, wordsIn } from './query.ts';

/** What can be searched: by field, and all of it. */
export interface Searched {
  readonly fields: { readonly [Name in Field]?: string };
  readonly text: string;
}

export type Matches = (searched: Searched) => boolean;

/** Decided once for a search: the answer is asked of thousands. */
export function matcherOf(query: Query): Matches {
  switch (query.kind) {
    case 'all': {
      const parts = query.parts.map(matcherOf);
      return (searched) => parts.every((matches) => matches(searched));
    }
    case 'any': {
      const parts = query.parts.map(matcherOf);
      return (searched) => parts.some((matches) => matches(searched));
    }
    case 'not': {
      const matches = matcherOf(query.part);
      return (searched) => !matches(searched);
    }
    case 'text':
      return within(query.field, (text) => fold(text).includes(query.text));
    case 'wildcard':
      return within(query.field, someWord(wildcard(query.pattern)));
    case 'expression':
      return within(query.field, someWord(expression(query.pattern)));
    case 'fuzzy':
      return within(
        query.field,
        someWord((word) => isWithinEdits(word, query.word, query.edits)),
      );
    case 'near':
      return within(query.field, (text) => areNear(wordsIn(text), query.words, query.within));
    default:
      return unreachable(query);
  }
}

const within =
  (field: Field | undefined, holds: (text: string) => boolean): Matches =>
  ({ fields, text }) =>
    holds(field === undefined ? text : (fields[field] ?? ''));

const someWord = (holds: (word: string) => boolean) => (text: string) => [...new Set(wordsIn(text))].some(holds);

const SPECIAL = /[.*+?^${}()|[\]\\]/g;

function wildcard(pattern: string): (word: string) => boolean {
  if (/^\*+$/.test(pattern)) return () => true;
  const parts = pattern
    .replace(/\*+/g, '*')
    .replace(/\\(.)/gs, '$1')
    .split(/([*?])/);
  const source = parts.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : part.replace(SPECIAL, '\\$&')));
  return expression(source.join(''));
}

/** Of a whole word. What is no expression matches nothing. */
function expression(pattern: string): (word: string) => boolean {
  const compiled = compilePattern(`^(?:${pattern.replace(/^\^|\$$/g, '')})$`, true);
  return isPattern(compiled) ? compiled.finds : () => false;
}

/** By single letters that are put in, left out, or others. */
function isWithinEdits(word: string, wanted: string, most: number): boolean {
  const [left, right] = [[...word], [...wanted]];
  if (Math.abs(left.length - right.length) > most) return false;
  let above = right.map((_, column) => column + 1);
  for (const [row, letter] of left.entries()) {
    const current: number[] = [];
    for (const [column, other] of right.entries()) {
      const diagonal = column === 0 ? row : (above[column - 1] as number);
      const beside = column === 0 ? row + 1 : (current[column - 1] as number);
      current.push(letter === other ? diagonal : 1 + Math.min(diagonal, beside, above[column] as number));
    }
    above = current;
  }
  return (above.at(-1) ?? left.length) <= most;
}

/** All of them in a stretch that holds at most so many words more. */
function areNear(words: readonly string[], wanted: readonly string[], most: number): boolean {
  const places = words.flatMap((word, place) => (wanted.includes(word) ? [{ word, place }] : []));
  const different = new Set(wanted).size;
  return places.some(({ place: first }, from) => {
    const stretch = places.slice(from).filter(({ place }) => place - first < different + most);
    return new Set(stretch.map(({ word }) => word)).size === different;
  });
}
