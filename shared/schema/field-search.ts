/**
 * Finds fields by what somebody types: parts of words, in what a field is called, its path, its description, its group,
 * the event types that carry it and the values that it has. Every word must be found somewhere.
 */
import { titleOfEventType } from './field-groups/event-types.ts';
import type { FieldEntry } from './field-list.ts';

export interface FoundField {
  readonly entry: FieldEntry;
  /** Where the least obvious word was found, and what stands there; absent where nothing was asked for. */
  readonly match?: { readonly in: MatchedIn; readonly text: string };
}

/** The most obvious first. */
const PLACES = ['title', 'path', 'value', 'group', 'eventType', 'description'] as const;
export type MatchedIn = (typeof PLACES)[number];

export const WORDS_MAX = 8;

export function searchFields(entries: readonly FieldEntry[], query: string): readonly FoundField[] {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
  if (words.length === 0) return entries.map((entry) => ({ entry }));
  return entries
    .map((entry) => ({ entry, places: words.map((word) => placeOf(entry, word)) }))
    .flatMap(({ entry, places }) => {
      const [worst] = places.toSorted((left, right) => rankOf(right) - rankOf(left));
      if (worst === undefined || places.includes(undefined)) return [];
      const rank = places.reduce((total, place) => total + rankOf(place), 0);
      return [{ entry, match: { in: worst.in, text: worst.text }, rank }];
    })
    .sort((left, right) => left.rank - right.rank)
    .map(({ entry, match }) => ({ entry, match }));
}

interface Place {
  readonly in: MatchedIn;
  readonly text: string;
  /** A word's beginning is better than its middle. */
  readonly isBeginning: boolean;
}

const rankOf = (place: Place | undefined) =>
  place === undefined ? Number.POSITIVE_INFINITY : PLACES.indexOf(place.in) * 2 + (place.isBeginning ? 0 : 1);

function placeOf(entry: FieldEntry, word: string): Place | undefined {
  for (const place of PLACES) {
    for (const text of textsOf(entry, place)) {
      const at = folded(text).indexOf(word);
      if (at >= 0) return { in: place, text, isBeginning: at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') };
    }
  }
  return undefined;
}

function textsOf({ titles, path, observed, values = [], group, description = '' }: FieldEntry, place: MatchedIn) {
  switch (place) {
    case 'title':
      return [titles.at(-1) ?? '', ...titles];
    case 'path':
      return [path];
    case 'value':
      return [
        ...values.flatMap(({ value, title }) => (title === undefined ? [String(value)] : [title, String(value)])),
        ...(observed?.topValues ?? []).map(({ value }) => String(value)),
      ];
    case 'group':
      return [group.title];
    case 'eventType':
      return (observed?.eventTypes ?? []).flatMap(({ eventType }) => [titleOfEventType(eventType), eventType]);
    default:
      return [description];
  }
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase();
