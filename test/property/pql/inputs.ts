/** Random profiles and events with the fields that `expressions.ts` names, of the declared types and of wrong ones. */
import { type EvaluationInput, normalizeEvents } from '#shared/pql/index.ts';
import type { Choices } from './choices.ts';

export const NOW = Date.parse('2024-02-29T12:00:00Z');

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const TEXTS = ['a', 'b', '', 'A', 'ab', 'view', '5', 'true', 'é', 'aab'];
const NUMERALS = [0, 1, 2, -1, 2.5, 10, 5, -2.5, 1e300];
const HOUR = 3_600_000;
const OFFSETS = [
  0,
  -1,
  1,
  -HOUR,
  -24 * HOUR,
  -48 * HOUR,
  24 * HOUR,
  -31 * 24 * HOUR,
  -366 * 24 * HOUR,
  -12 * HOUR,
  12 * HOUR,
];

const instant = (c: Choices): number => NOW + c.of(OFFSETS);
const iso = (c: Choices): string => new Date(instant(c)).toISOString();

function scalar(c: Choices): Json {
  return c.from<Json>(
    () => c.of(TEXTS),
    () => c.of(NUMERALS),
    () => c.of([true, false]),
    () => iso(c),
    () => instant(c),
    () => null,
  );
}

const scalars = (c: Choices): Json => c.times(4, () => scalar(c));
const texts = (c: Choices): Json => c.times(4, () => c.of(TEXTS));

/** Now and then absent, null or of another type. */
function filled(c: Choices, fields: Readonly<Record<string, () => Json>>): { [key: string]: Json } {
  const kept = Object.entries(fields).flatMap(([name, make]): [string, Json][] => {
    const how = c.below(10);
    if (how < 2) return [];
    return [
      [
        name,
        how === 2
          ? null
          : how === 3
            ? c.from(
                () => scalar(c),
                () => scalars(c),
              )
            : make(),
      ],
    ];
  });
  return Object.fromEntries(kept);
}

const order = (c: Choices): Json =>
  filled(c, {
    total: () => c.of(NUMERALS),
    quantity: () => c.of(NUMERALS),
    storeId: () => c.of<Json>(['a', 'b', 5, 1]),
    id: () => c.of(TEXTS),
    paid: () => c.of([true, false]),
    placed: () => iso(c),
    tags: () => texts(c),
    lines: () => c.times(2, () => ({ price: c.of(NUMERALS) })),
  });

export function profileOf(c: Choices): Record<string, Json> {
  const part = (fields: Readonly<Record<string, () => Json>>) => () => filled(c, fields);
  return filled(c, {
    n: () => c.of(NUMERALS),
    m: () => c.of(NUMERALS),
    s: () => c.of(TEXTS),
    flag: () => c.of([true, false]),
    t: () =>
      c.from<Json>(
        () => iso(c),
        () => instant(c),
      ),
    iso: () => iso(c),
    tags: () => texts(c),
    numbers: () => c.times(4, () => c.of(NUMERALS)),
    mixed: () => scalars(c),
    orders: () => c.times(3, () => order(c)),
    deep: part({ n: () => c.of(NUMERALS), s: () => c.of(TEXTS) }),
    homeAddress: part({ city: () => c.of(TEXTS), primary: () => c.of([true, false]) }),
    loyalty: part({
      points: () => c.of(NUMERALS),
      tier: () => c.of(TEXTS),
      joinDate: () => iso(c),
      loyaltyID: () => texts(c),
    }),
    person: part({
      birthYear: () => c.of([1990, 2000, 2024]),
      birthDate: () => c.of(['1990-02-28', '2024-02-29', '2000-13-01']),
    }),
    geo: part({ latitude: () => c.of(NUMERALS), longitude: () => c.of(NUMERALS) }),
    identityMap: () => ({ ECID: [{ id: 'x', primary: true }] }),
  });
}

export function eventsOf(c: Choices): Json[] {
  return c.times(7, () => ({
    ...filled(c, {
      price: () => c.of(NUMERALS),
      quantity: () => c.of(NUMERALS),
      sku: () => c.of(TEXTS),
      flag: () => c.of([true, false]),
      at: () => iso(c),
      tags: () => texts(c),
      commerce: () => ({ order: { priceTotal: c.of(NUMERALS) } }),
      productListItems: () =>
        c.times(2, () => ({ SKU: c.of(TEXTS), priceTotal: c.of(NUMERALS), total: c.of(NUMERALS) })),
      web: () => ({ webPageDetails: { isHomePage: c.of([true, false]) } }),
    }),
    _id: c.of(['1', '2', '3', '4', '5', '6', '7', '8', '9']),
    timestamp: c.from<Json>(
      () => instant(c),
      () => iso(c),
    ),
    eventType: c.of(['view', 'buy', 'cart']),
  }));
}

export const inputOf = (c: Choices): EvaluationInput => ({
  profile: profileOf(c),
  events: normalizeEvents(eventsOf(c)),
  now: NOW + c.of([0, 1, HOUR, -HOUR, 12 * HOUR]),
  inSegment: (idOrName) => idOrName === 'in',
});
