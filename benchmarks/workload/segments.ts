/** Definitions as marketers write them: 40 % over attributes, 30 % over an event and attributes, 30 % windows and sequences. */
import type { Random } from '#local/simulator/random.ts';
import { DAY_MS } from './events.ts';
import type { Condition, Segment, SegmentKind, SegmentOptions, Selection } from './model.ts';
import { draw, drawSome, randomOf, type Table, table, WORDS, weighted } from './tables.ts';

const MIX = { attr: 40, event: 30, window: 30 } as const;

/** The first of a larger set are the same segments. */
export function makeSegments(count: number, { seed = 42, mix = MIX }: SegmentOptions = {}): readonly Segment[] {
  const kinds = weighted(mix as Readonly<Record<string, number>>);
  return Array.from({ length: count }, (_, index) => {
    const random = randomOf(seed, index);
    const kind = draw(kinds, random) as SegmentKind;
    const make = { attr: attributeCondition, event: eventCondition, window: windowCondition }[kind];
    return { id: `seg-${index}`, name: `Segment ${index}`, kind, ast: make(random) };
  });
}

/** How often definitions ask for each attribute. */
const ASKED = weighted({
  ...{ country: 16, plan: 9, loyaltyTier: 9, age: 10, ltv: 10, orderCount: 8, gender: 4, emailDomain: 4, language: 4 },
  ...{ city: 4, signupDays: 6, marketingOptIn: 5, os: 3, browser: 1, channel: 4, preferredCategory: 5 },
  ...{ avgOrderValue: 4, loyaltyPoints: 3, tags: 4, nps: 2, birthMonth: 1, isEmployee: 1 },
});

const BOUNDS: Readonly<Record<string, readonly number[]>> = {
  age: [18, 21, 25, 30, 35, 40, 45, 50, 55, 60, 65],
  ltv: [0, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 5000],
  orderCount: [0, 1, 2, 3, 5, 8, 10, 15, 20],
  signupDays: [7, 14, 30, 60, 90, 180, 365, 730, 1095],
  avgOrderValue: [20, 30, 40, 50, 60, 75, 100, 150, 200],
  loyaltyPoints: [50, 100, 250, 500, 1000, 2500, 5000],
  nps: [3, 6, 7, 9],
};

function attributePredicate(random: Random): Condition {
  const name = draw(ASKED, random);
  const path = `p.${name}`;
  if (name === 'tags') return { op: 'has', path, value: draw(WORDS.tag, random) };
  if (name === 'isEmployee') return { op: 'eq', path, value: false };
  if (name === 'marketingOptIn') return { op: 'eq', path, value: random.chance(0.85) };
  if (name === 'birthMonth') return { op: 'eq', path, value: 1 + random.below(12) };
  const bounds = BOUNDS[name];
  if (bounds) return { op: random.pick(['ge', 'gt', 'ge', 'lt', 'le']), path, value: boundOf(name, bounds, random) };
  const words = WORDS[name as keyof typeof WORDS];
  const form = random.next();
  if (form < 0.62) return { op: 'eq', path, value: draw(words, random) };
  if (form < 0.92) return { op: 'in', path, values: drawSome(words, 2 + random.below(4), random) };
  return { op: 'ne', path, value: draw(words, random) };
}

/** Mostly round numbers, as people choose them. */
function boundOf(name: string, bounds: readonly number[], random: Random): number {
  const bound = random.pick(bounds);
  const isOdd = name !== 'nps' && name !== 'age' && random.chance(0.25);
  return isOdd ? Math.round(bound * (0.8 + 0.4 * random.next())) : bound;
}

const and = (args: readonly Condition[]): Condition =>
  args.length === 1 ? (args[0] as Condition) : { op: 'and', args };
const CONJUNCTS = table([1, 2, 3, 4, 5], [12, 33, 32, 16, 7]);

/** Each attribute at most once in each direction. */
function predicates(count: number, random: Random): readonly Condition[] {
  const found = new Map<string, Condition>();
  for (let draws = 0; draws < 50 && found.size < count; draws++) {
    const predicate = attributePredicate(random);
    const key = predicate.path + (predicate.op.startsWith('l') ? ' up to' : '');
    if (!found.has(key)) found.set(key, predicate);
  }
  return [...found.values()];
}

function attributeCondition(random: Random): Condition {
  const count = draw(CONJUNCTS, random);
  if (count === 1) return attributePredicate(random);
  const form = random.next();
  if (form < 0.66) {
    const parts = [...predicates(count, random)];
    const last = parts.at(-1) as Condition;
    if (random.chance(0.12)) parts[parts.length - 1] = { op: 'not', arg: last };
    return and(parts);
  }
  if (form < 0.86) return and([...predicates(count - 1, random), { op: 'or', args: predicates(2, random) }]);
  return { op: 'or', args: [1, 2].map(() => and(predicates(1 + random.below(3), random))) };
}

const PRICES = [10, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300];
const TOTALS = [25, 50, 75, 100, 150, 200, 300, 500];
const eq = (path: string, from: Table<string>, random: Random): Condition => ({
  op: 'eq',
  path,
  value: draw(from, random),
});

/** Conditions on an event beyond its type. */
function eventPredicates(type: string, random: Random, items = false): readonly Condition[] {
  const found = [...predicatesOfType(type, random, items)];
  if (random.chance(0.15)) found.push(eq('e.device', WORDS.device, random));
  return found;
}

function predicatesOfType(type: string, random: Random, items: boolean): readonly Condition[] {
  switch (type) {
    case 'pageView':
      return [eq('e.page', WORDS.page, random)];
    case 'search':
      return [eq('e.query', WORDS.query, random)];
    case 'emailOpen':
    case 'emailClick':
      return [eq('e.campaign', WORDS.campaign, random)];
    case 'sessionStart':
      return [eq('e.channel', WORDS.channel, random)];
    case 'checkout':
    case 'purchase':
      return [orderPredicate(random, items)];
    default:
      return productPredicates(random);
  }
}

function orderPredicate(random: Random, items: boolean): Condition {
  if (!items || random.chance(0.45)) return { op: 'ge', path: 'e.total', value: random.pick(TOTALS) };
  const category = eq('i.category', WORDS.category, random);
  const price: Condition = { op: 'ge', path: 'i.price', value: random.pick(PRICES) };
  return { op: 'any', path: 'e.items', where: random.chance(0.8) ? category : and([category, price]) };
}

function productPredicates(random: Random): readonly Condition[] {
  const form = random.next();
  const found: Condition[] = [];
  if (form < 0.62) found.push(eq('e.category', WORDS.category, random));
  else if (form < 0.76) found.push({ op: 'in', path: 'e.category', values: drawSome(WORDS.category, 3, random) });
  else if (form < 0.9) found.push(eq('e.brand', WORDS.brand, random));
  if (found.length > 0 && random.chance(0.6)) return found;
  return [...found, { op: random.pick(['ge', 'gt', 'lt']), path: 'e.price', value: random.pick(PRICES) }];
}

const TYPES_ASKED = weighted({
  ...{ productView: 40, addToCart: 18, purchase: 16, pageView: 8, checkout: 6 },
  ...{ emailOpen: 4, emailClick: 3, search: 3, sessionStart: 2 },
});

function eventCondition(random: Random): Condition {
  const type = draw(TYPES_ASKED, random);
  const attributes = predicates(draw(table([0, 1, 2, 3], [20, 40, 30, 10]), random), random);
  return and([{ op: 'eq', path: 'e.type', value: type }, ...eventPredicates(type, random), ...attributes]);
}

function selection(type: string, random: Random, conditioned = 0.75): Selection {
  const where = random.chance(conditioned) ? eventPredicates(type, random, true) : [];
  return where.length > 0 ? { type, where: and(where) } : { type };
}

const DAYS = table([1, 3, 7, 14, 30], [10, 10, 30, 20, 30]);
const TIMES = table([1, 2, 3, 5, 10], [25, 25, 25, 15, 10]);

function windowCondition(random: Random): Condition {
  const form = random.next();
  const core = form < 0.5 ? counted(random) : form < 0.8 ? viewedNotBought(random) : sequence(random);
  return and(random.chance(0.4) ? [...core, attributePredicate(random)] : core);
}

function counted(random: Random): readonly Condition[] {
  const event = selection(draw(TYPES_ASKED, random), random);
  return [{ op: 'count', event, days: draw(DAYS, random), cmp: 'ge', k: draw(TIMES, random) }];
}

function viewedNotBought(random: Random): readonly Condition[] {
  const days = draw(DAYS, random);
  const category = draw(WORDS.category, random);
  const viewed = random.chance(0.7) ? 'productView' : 'addToCart';
  const seen: Selection = { type: viewed, where: { op: 'eq', path: 'e.category', value: category } };
  const anyItem: Condition = { op: 'any', path: 'e.items', where: { op: 'eq', path: 'i.category', value: category } };
  const bought: Selection = random.chance(0.5) ? { type: 'purchase' } : { type: 'purchase', where: anyItem };
  return [
    { op: 'count', event: seen, days, cmp: 'ge', k: random.pick([1, 1, 2, 3]) },
    { op: 'not', arg: { op: 'count', event: bought, days, cmp: 'ge', k: 1 } },
  ];
}

const HOUR_MS = 3_600_000;

function sequence(random: Random): readonly Condition[] {
  const first = random.pick(['productView', 'emailClick', 'emailOpen', 'search', 'addToCart']);
  const cartSteps = ['purchase', 'checkout', 'removeFromCart'];
  const second = random.pick(first === 'addToCart' ? cartSteps : ['addToCart', 'purchase', 'productView']);
  const [a, b] = [selection(first, random, 0.8), selection(second, random, 0.5)];
  const withinMs = random.pick([HOUR_MS, 6 * HOUR_MS, DAY_MS, 3 * DAY_MS, 7 * DAY_MS]);
  return [{ op: 'seq', a, b, withinMs, days: random.pick([7, 14, 30]) }];
}
