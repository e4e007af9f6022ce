/** What the rail offers: all of a kind, or whatever is found by name, path or value. */
import { searchFields } from '#shared/schema/field-search.ts';
import type { Path, Scalar } from './model.ts';
import type { Tile } from './new-rows.ts';
import { type FieldEntry, findEventTypes, findSegmentTiles, kindOf, pathOf, type Vocabulary } from './vocabulary.ts';

export const TABS = ['events', 'attributes', 'segments'] as const;
export type Tab = (typeof TABS)[number];

export interface Offer {
  readonly key: string;
  readonly tab: Tab;
  readonly tile: Tile;
  readonly title: string;
  readonly icon: 'event' | 'person' | 'segment';
  readonly about?: string;
  /** The heading that it stands under. */
  readonly group?: string;
  readonly people?: number;
  /** What its values are, to be looked at and pressed. */
  readonly details?: Details;
}

export type Details =
  | { readonly kind: 'field'; readonly field: FieldEntry }
  | { readonly kind: 'event'; readonly type: string };

export interface Looking {
  readonly tab: Tab;
  readonly query: string;
  /** Of a segment: it can't be part of itself. */
  readonly ownId: string | undefined;
  /** Also what no record carries. */
  readonly isAll: boolean;
}

export interface Offers {
  readonly offers: readonly Offer[];
  /** Left out because no record carries them. */
  readonly hidden: number;
}

export function offersOf(vocabulary: Vocabulary, { tab, query, ownId, isAll }: Looking): Offers {
  if (query.trim() !== '') return { offers: foundOffers(vocabulary, query, ownId), hidden: 0 };
  if (tab === 'segments') return { offers: segmentOffers(vocabulary, '', ownId), hidden: 0 };
  const all = tab === 'events' ? eventOffers(vocabulary, '') : attributeOffers(vocabulary);
  // A sandbox that nothing has reached yet shows what there will be.
  const withData = all.filter(({ people = 0 }) => people > 0);
  const offers = isAll || withData.length === 0 ? all : withData;
  return { offers, hidden: all.length - offers.length };
}

/** Of every kind, whatever tab is open: who types a word does not know what kind of thing it is. */
function foundOffers(vocabulary: Vocabulary, query: string, ownId: string | undefined): readonly Offer[] {
  const byValue = searchFields(vocabulary.fields.event, query)
    .filter(({ match }) => match?.in === 'value')
    .flatMap(({ entry, match }) => filteredEventOffers(entry, match?.text ?? '', vocabulary));
  return [
    ...eventOffers(vocabulary, query),
    ...byValue,
    ...searchFields(vocabulary.fields.profile, query).map(({ entry, match }) =>
      match?.in === 'value' ? valueOffer(entry, match.text, vocabulary) : attributeOffer(entry, vocabulary),
    ),
    ...segmentOffers(vocabulary, query, ownId),
  ];
}

const eventOffers = (vocabulary: Vocabulary, query: string): readonly Offer[] =>
  findEventTypes(vocabulary.eventTypes, query).map(({ type, title, people }) => ({
    ...{ key: `event:${type}`, tab: 'events', tile: { kind: 'event', type }, title, icon: 'event' },
    ...(title === type ? {} : { about: type }),
    ...(people === undefined ? {} : { people, details: { kind: 'event', type } }),
  }));

const attributeOffers = (vocabulary: Vocabulary): readonly Offer[] =>
  vocabulary.fields.profile.map((field) => ({
    ...attributeOffer(field, vocabulary),
    group: field.group.title,
  }));

const attributeOffer = (field: FieldEntry, vocabulary: Vocabulary): Offer => ({
  key: field.path,
  tab: 'attributes',
  tile: { kind: 'attribute', path: pathOf(field), fieldKind: kindOf(field), scope: 'profile' },
  title: vocabulary.names.field(pathOf(field), 'profile'),
  about: field.path,
  icon: 'person',
  ...(field.observed === undefined ? {} : { people: field.observed.people, details: { kind: 'field', field } }),
});

/** Found by one of its values: the condition whole. */
function valueOffer(field: FieldEntry, text: string, vocabulary: Vocabulary): Offer {
  const offer = attributeOffer(field, vocabulary);
  const value = valueCalled(field, text);
  if (value === undefined || offer.tile.kind !== 'attribute') return offer;
  const { title } = offer;
  return { ...offer, key: `${offer.key}=${value}`, title: `${title} = ${text}`, tile: { ...offer.tile, value } };
}

const TYPES_OF_VALUE_MAX = 2;

/** “running shoes” is no field and no event, but something that events carry: those events, with the filter. */
function filteredEventOffers(field: FieldEntry, text: string, vocabulary: Vocabulary): readonly Offer[] {
  const value = valueCalled(field, text);
  if (value === undefined) return [];
  const types = (field.observed?.eventTypes ?? []).slice(0, TYPES_OF_VALUE_MAX);
  const path = pathOf(field);
  return types.map(({ eventType: type }) => ({
    key: `event:${type}:${field.path}=${value}`,
    tab: 'events',
    tile: { kind: 'event', type, filter: { path, value } },
    title: `${vocabulary.names.event(type)} · ${vocabulary.names.field(path, 'event')} = ${text}`,
    about: field.path,
    icon: 'event',
  }));
}

function valueCalled({ values = [], observed }: FieldEntry, text: string): Scalar | undefined {
  const declared = values.find(({ value, title }) => title === text || String(value) === text);
  return declared?.value ?? observed?.topValues?.find(({ value }) => String(value) === text)?.value;
}

const segmentOffers = (vocabulary: Vocabulary, query: string, ownId: string | undefined): readonly Offer[] =>
  findSegmentTiles(vocabulary.segments, query)
    .filter(({ id }) => id !== ownId)
    .map(({ id, name }) => ({
      ...{ key: `segment:${id}`, tab: 'segments', tile: { kind: 'segment', segmentId: id } },
      ...{ title: name, icon: 'segment' },
    }));

export interface CommonField {
  readonly field: FieldEntry;
  readonly path: Path;
  readonly values: readonly { readonly value: Scalar; readonly share: number }[];
}

const FIELDS_OF_EVENT_MAX = 4;
const VALUES_OF_FIELD_MAX = 3;
/** A value that every event has tells none apart. */
const VALUES_MIN = 2;

/** What events of a type mostly differ in, with its most frequent values. */
export function commonFields(vocabulary: Vocabulary, type: string): readonly CommonField[] {
  const carried = (field: FieldEntry) =>
    field.observed?.eventTypes?.find(({ eventType }) => eventType === type)?.share ?? 0;
  return vocabulary.fields.event
    .filter((field) => field.path !== 'eventType' && carried(field) > 0)
    .filter(({ observed }) => (observed?.topValues?.length ?? 0) >= VALUES_MIN)
    .toSorted((left, right) => carried(right) - carried(left))
    .slice(0, FIELDS_OF_EVENT_MAX)
    .map((field) => ({
      field,
      path: pathOf(field),
      values: (field.observed?.topValues ?? []).slice(0, VALUES_OF_FIELD_MAX),
    }));
}
