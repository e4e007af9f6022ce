/** Vocabularies, and how often each word is used. */
import { type Random, randomFrom } from '#local/simulator/random.ts';

export interface Table<Item> {
  readonly items: readonly Item[];
  /** Running sum of the weights. */
  readonly sums: readonly number[];
}

export function table<Item>(items: readonly Item[], weights: readonly number[]): Table<Item> {
  let sum = 0;
  const sums = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  return { items, sums };
}

/** The n-th item is used as often as 1 / (n + offset) to the power. */
export const zipf = <Item>(items: readonly Item[], power = 1, offset = 0): Table<Item> =>
  table(
    items,
    items.map((_, index) => 1 / (index + 1 + offset) ** power),
  );

export const weighted = (weights: Readonly<Record<string, number>>): Table<string> =>
  table(Object.keys(weights), Object.values(weights));

export function draw<Item>({ items, sums }: Table<Item>, random: Random): Item {
  const wanted = random.next() * (sums.at(-1) as number);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > wanted) high = middle;
    else low = middle + 1;
  }
  return items[low] as Item;
}

/** So many different words at most; fewer where chance repeats itself. */
export function drawSome<Item>(from: Table<Item>, count: number, random: Random): readonly Item[] {
  const drawn = new Set<Item>();
  for (let draws = 0; draws < count * 2 && drawn.size < count; draws++) drawn.add(draw(from, random));
  return [...drawn];
}

export const numbered = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

export const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** A generator for one of many things that come from one seed. */
export const randomOf = (seed: number, index: number): Random => randomFrom(Math.imul(seed, 0x9e3779b1) + index);

const words = (text: string): readonly string[] => text.split(' ');
const CATEGORIES = words(
  'shoes dresses shirts jeans jackets bags watches jewelry sneakers boots hats socks sportswear swimwear underwear beauty perfume skincare phones laptops tablets headphones cameras tv gaming toys books music kitchen furniture lighting bedding garden tools pets baby grocery wine travel gifts',
);
const DOMAINS = ['gmail.com', 'yahoo.com', 'hotmail.com', 'outlook.com', 'icloud.com', ...numbered(195, 'corp')];

export const WORDS = {
  country: zipf(
    words(
      'US GB DE FR CA AU NL ES IT SE BR IN JP MX PL BE CH AT DK NO FI IE PT NZ SG HK KR ZA AE AR CL CO CZ GR HU IL MY PH RO TH',
    ),
  ),
  plan: weighted({ free: 60, basic: 25, pro: 12, enterprise: 3 }),
  loyaltyTier: weighted({ none: 50, bronze: 25, silver: 15, gold: 8, platinum: 2 }),
  language: zipf(words('en de fr es it nl sv pt ja pl ko zh')),
  gender: weighted({ f: 48, m: 46, x: 6 }),
  emailDomain: zipf(DOMAINS, 1.2),
  city: zipf(numbered(300, 'city'), 0.9),
  os: weighted({ ios: 40, android: 38, windows: 14, macos: 7, linux: 1 }),
  browser: weighted({ chrome: 60, safari: 28, edge: 7, firefox: 5 }),
  channel: weighted({ organic: 30, paid_search: 22, social: 18, email: 12, referral: 9, affiliate: 6, direct: 3 }),
  preferredCategory: zipf(CATEGORIES, 0.8),
  category: zipf(CATEGORIES, 0.8),
  brand: zipf(numbered(200, 'brand'), 0.8),
  tag: zipf(numbered(50, 'tag'), 0.9),
  page: zipf(numbered(100, '/p/')),
  campaign: zipf(numbered(60, 'campaign'), 0.7),
  query: zipf(numbered(100, 'query'), 0.7),
  device: weighted({ mobile: 62, desktop: 33, tablet: 5 }),
  payment: weighted({ card: 60, paypal: 25, klarna: 10, gift: 5 }),
} as const;

/** The ten event types and their share of the events. */
export const EVENT_TYPES = weighted({
  pageView: 40,
  productView: 28,
  addToCart: 8,
  search: 6,
  emailOpen: 6,
  checkout: 3,
  purchase: 2.5,
  removeFromCart: 2,
  emailClick: 2,
  sessionStart: 2.5,
});
