/** What a rule can be made of, and what its parts are called: fields and event types of the sandbox, other segments. */
import { EVENT_TYPES, titleOfEventType } from '#shared/schema/field-groups/event-types.ts';
import type { FieldEntry } from '#shared/schema/field-list.ts';
import { titleOf } from '#shared/schema/field-schema.ts';
import { searchFields } from '#shared/schema/field-search.ts';
import type { Segment } from '../segments/find-segments.ts';
import type { Path, Scope } from './model.ts';
import type { Names } from './sentence.ts';

export type { FieldEntry };

export interface EventType {
  readonly type: string;
  readonly title: string;
  /** Who did it; absent where nobody has. */
  readonly people?: number;
}

export interface Vocabulary {
  readonly fields: Readonly<Record<Scope, readonly FieldEntry[]>>;
  readonly eventTypes: readonly EventType[];
  readonly segments: readonly Segment[];
  readonly names: Names;
}

interface ObservedType {
  readonly eventType: string;
  readonly people?: number;
}

/** A condition asks for one value; whole objects and maps have none. */
export const isAskable = ({ type }: FieldEntry): boolean => type !== 'object';

export function vocabularyOf(
  lists: Readonly<Record<Scope, readonly FieldEntry[]>>,
  segments: readonly Segment[],
  observed: readonly ObservedType[] = [],
  /** In the reader's language, by type. */
  eventTitles: Readonly<Record<string, string>> = {},
): Vocabulary {
  const fields = { profile: lists.profile.filter(isAskable), event: lists.event.filter(isAskable) };
  const titles = { profile: titlesOf(fields.profile), event: titlesOf(fields.event) };
  const byId = new Map(segments.map(({ id, name }) => [id, name]));
  const names: Names = {
    field: (path, scope) => titles[scope].get(path.join('.')) ?? path.map(titleOf).join(' › '),
    event: (type) => eventTitles[type] ?? titleOfEventType(type),
    segment: (id) => byId.get(id) ?? segments.find(({ name }) => name === id)?.name,
  };
  return { fields, eventTypes: eventTypesOf(observed, names), segments, names };
}

/** By itself where that is enough; where several fields share a title, with what they stand in. */
function titlesOf(entries: readonly FieldEntry[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { title } of entries) counts.set(title, (counts.get(title) ?? 0) + 1);
  const nameOf = ({ title, titles }: FieldEntry) =>
    (counts.get(title) ?? 0) > 1 && titles.length > 1 ? titles.slice(-2).join(' › ') : title;
  return new Map(entries.map((entry) => [entry.path, nameOf(entry)]));
}

/** Those that happen first, the most frequent of them at the top; then those that the published schemas name. */
function eventTypesOf(observed: readonly ObservedType[], names: Names): readonly EventType[] {
  const seen = observed.map(({ eventType: type, people }) => ({
    ...{ type, title: names.event(type) },
    ...(people === undefined ? {} : { people }),
  }));
  const types = new Set(seen.map(({ type }) => type));
  const known = [...EVENT_TYPES.keys()].map((type) => ({ type, title: names.event(type) }));
  return [...seen, ...known.filter(({ type }) => !types.has(type))];
}

export const pathOf = ({ path }: FieldEntry): Path => path.split('.');

export const findFields = (fields: readonly FieldEntry[], query: string): readonly FieldEntry[] =>
  searchFields(fields, query).map(({ entry }) => entry);

/** As likely to be wanted: what these events carry, then what any record carries, then what is only declared. */
export function usualFirst(fields: readonly FieldEntry[], types: readonly string[]): readonly FieldEntry[] {
  const usual = ({ path, observed }: FieldEntry): number => {
    if (observed === undefined) return -1;
    // Type and time have places of their own in the sentence, and who asks for an event's id knows its name.
    if (OWN_PLACE.has(path) || path.startsWith('identityMap.') || observed.withheld !== undefined) return 0;
    const ofTypes = (observed.eventTypes ?? []).filter(({ eventType }) => types.includes(eventType));
    const carried = ofTypes.reduce((sum, each) => sum + each.share * observed.filled, 0);
    return carried * (observed.topValues === undefined ? 1 : 2);
  };
  return fields.toSorted((left, right) => usual(right) - usual(left));
}

const OWN_PLACE: ReadonlySet<string> = new Set(['_id', 'eventType', 'timestamp']);

const folded = (text: string) => text.normalize('NFKC').toLowerCase();

export function findEventTypes(types: readonly EventType[], query: string): readonly EventType[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return types.filter(({ type, title }) =>
    words.every((word) => folded(`${title} ${titleOfEventType(type)} ${type}`).includes(word)),
  );
}

export function findSegmentTiles(segments: readonly Segment[], query: string): readonly Segment[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return segments.filter(({ name, description = '' }) =>
    words.every((word) => folded(`${name} ${description}`).includes(word)),
  );
}

export type FieldKind = 'number' | 'boolean' | 'time' | 'text';

export function kindOf(entry: Pick<FieldEntry, 'type' | 'format'> | undefined): FieldKind {
  if (entry?.type === 'integer' || entry?.type === 'number') return 'number';
  if (entry?.type === 'boolean') return 'boolean';
  if (entry?.format === 'date' || entry?.format === 'date-time') return 'time';
  return 'text';
}

export const fieldAt = (vocabulary: Vocabulary, path: Path, scope: Scope): FieldEntry | undefined =>
  vocabulary.fields[scope].find((entry) => entry.path === path.join('.'));
