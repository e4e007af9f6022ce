/** What people do: ten types of events, a few people doing most of it. */
import type { Random } from '#local/simulator/random.ts';
import type { EventOptions, WorkloadEvent } from './model.ts';
import { cents, draw, EVENT_TYPES, normal, randomOf, WORDS, zipf } from './tables.ts';

export const DAY_MS = 86_400_000;
/** 2025-12-01. */
export const START = 1_764_547_200_000;

const PRODUCTS = zipf(
  Array.from({ length: 5000 }, (_, index) => {
    const random = randomOf(777, index);
    const [category, brand] = [draw(WORDS.category, random), draw(WORDS.brand, random)];
    return { sku: `SKU${10_000 + index}`, category, brand, price: cents(Math.exp(3.6 + 0.9 * normal(random))) };
  }),
  0.9,
  20,
);

/** Who the next event is of: the n-th most active as often as 1 / (n + a hundredth of all). */
export const activity = (profiles: number) =>
  zipf(
    Array.from({ length: profiles }, (_, rank) => rank),
    1,
    Math.max(1, profiles / 100),
  );

export function* makeEvents(
  profiles: number,
  events: number,
  { seed = 1, spanDays = 30 }: EventOptions = {},
): Generator<WorkloadEvent> {
  const random = randomOf(seed, -1);
  const active = activity(profiles);
  const step = (spanDays * DAY_MS) / events;
  for (let index = 0; index < events; index++) {
    const pi = draw(active, random);
    yield makeEvent(random, index, pi, Math.floor(START + (index + random.next()) * step));
  }
}

export function makeEvent(random: Random, index: number, pi: number, ts: number): WorkloadEvent {
  const type = draw(EVENT_TYPES, random);
  const place = { id: `ev-${index.toString(36).padStart(8, '0')}`, pi, profileId: customerId(pi), ts, type };
  return { ...place, device: draw(WORDS.device, random), ...fieldsOf(type, random) };
}

export const customerId = (pi: number) => `cust-${pi.toString(36).padStart(8, '0')}`;

function fieldsOf(type: string, random: Random): object {
  const words = (name: keyof typeof WORDS) => draw(WORDS[name], random);
  switch (type) {
    case 'pageView':
      return { page: words('page'), referrer: words('channel') };
    case 'search':
      return { query: words('query'), results: random.below(200) };
    case 'emailOpen':
    case 'emailClick':
      return { campaign: words('campaign') };
    case 'sessionStart':
      return { channel: words('channel') };
    case 'productView':
      return draw(PRODUCTS, random);
    case 'addToCart':
    case 'removeFromCart':
      return { ...draw(PRODUCTS, random), qty: 1 + random.below(3) };
    default:
      return orderOf(random);
  }
}

function orderOf(random: Random): object {
  const itemCount = 1 + Math.floor(-Math.log(1 - random.next()) * 1.3);
  const items = Array.from({ length: itemCount }, () => ({ ...draw(PRODUCTS, random), qty: 1 + random.below(2) }));
  const total = cents(items.reduce((sum, { price, qty }) => sum + price * qty, 0));
  return { items, total, itemCount, payment: draw(WORDS.payment, random) };
}
