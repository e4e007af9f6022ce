/** What the demo's shop sells, and what its customer data set knows of its shoppers: the same at each start. */

export type Random = () => number;

export interface Product {
  readonly SKU: string;
  readonly name: string;
  readonly category: string;
  readonly priceTotal: number;
}

const product = (SKU: string, name: string, category: string, priceTotal: number): Product => ({
  SKU,
  name,
  category,
  priceTotal,
});

/** Running shoes are looked at most. */
export const SECTIONS = ['running shoes', 'running shoes', 'jackets', 'backpacks'] as const;

const PRODUCTS: Readonly<Record<string, readonly Product[]>> = {
  'running shoes': [
    product('RUN-204', 'Trail 3', 'trail', 129),
    product('RUN-110', 'Road 7', 'road', 99.5),
    product('RUN-330', 'Race 2', 'race', 189),
  ],
  jackets: [product('JAC-012', 'Wind', 'light', 79), product('JAC-040', 'Storm', 'rain', 219)],
  backpacks: [product('BAG-018', 'Day 18', 'city', 64.9), product('BAG-035', 'Tour 35', 'hiking', 149)],
};

const PLACES = [
  ['Seoul', 'KR'],
  ['Seoul', 'KR'],
  ['Busan', 'KR'],
  ['Berlin', 'DE'],
  ['Lisbon', 'PT'],
] as const;
const DEVICES = ['mobile', 'mobile', 'desktop', 'tablet'] as const;
const TIERS = ['bronze', 'bronze', 'bronze', 'silver', 'silver', 'gold'] as const;
const GENDERS = ['female', 'male', 'non_specific'] as const;

export const pick = <Item>(items: readonly Item[], random: Random): Item =>
  items[Math.floor(random() * items.length)] as Item;

export const productOf = (section: string, random: Random): Product => pick(PRODUCTS[section] ?? [], random);

export const surroundings = (random: Random) => {
  const [city, countryCode] = pick(PLACES, random);
  return { device: { type: pick(DEVICES, random) }, placeContext: { geo: { city, countryCode } } };
};

interface Customer {
  readonly name: string;
  readonly email: string;
}

/** When the data set was exported: sent again at the next start, a record changes nothing. */
const EXPORTED = '2026-01-05T09:00:00Z';

export function customerRecord({ name, email }: Customer, random: Random): Readonly<Record<string, unknown>> {
  const [firstName, ...rest] = name.split(' ');
  const [city, countryCode] = pick(PLACES, random);
  return {
    recordType: 'profile',
    datasetId: 'customers',
    timestamp: EXPORTED,
    identityMap: { Email: [{ id: email, primary: true }] },
    attributes: {
      person: {
        name: { firstName, lastName: rest.join(' ') },
        gender: pick(GENDERS, random),
        birthYear: 1960 + Math.floor(random() * 45),
      },
      personalEmail: { address: email },
      homeAddress: { city, countryCode },
      preferredLanguage: countryCode === 'KR' ? 'ko-KR' : 'en',
      loyalty: { tier: pick(TIERS, random), points: Math.floor(random() ** 2 * 5_000) },
      consents: { marketing: { email: { val: random() < 0.8 ? 'y' : 'n' } } },
    },
  };
}
