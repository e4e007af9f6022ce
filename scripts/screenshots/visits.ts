/** What a customer does in the shop over the months: visits with views, full carts, purchases, and letters that are opened. */
import { pick, productOf, type Random, SECTIONS, surroundings } from '#local/demo/shop.ts';
import type { Customer } from './people.ts';

export type ShopEvent = Readonly<Record<string, unknown>> & { readonly timestamp: string };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The oldest first, up to `end`. */
export function visitsOf(customer: Customer, end: number, random: Random): readonly ShopEvent[] {
  const gap = (7 * DAY_MS) / customer.visitsPerWeek;
  const events: ShopEvent[] = [];
  const from = end - customer.cameFirst * DAY_MS;
  const until = end - customer.cameLast * DAY_MS;
  for (let at = from; at < until; at += gap * (0.3 + 1.4 * random())) events.push(...visit(customer, at, random));
  return events
    .filter(({ timestamp }) => Date.parse(timestamp) < end)
    .map((event, index) => ({ ...event, _id: `${customer.email}-${index}` }));
}

function visit({ email, favourite, buys }: Customer, start: number, random: Random): readonly ShopEvent[] {
  const place = surroundings(random);
  let at = start;
  const event = (eventType: string, fields: object): ShopEvent => {
    at += (1 + 6 * random()) * MINUTE_MS;
    const identityMap = { Email: [{ id: email, primary: true }] };
    return { timestamp: new Date(at).toISOString(), eventType, identityMap, ...place, ...fields };
  };
  const section = random() < 0.7 ? favourite : pick(SECTIONS, random);
  const product = productOf(section, random);
  const productListItems = [{ ...product, quantity: 1 }];
  const web = { webPageDetails: { name: product.name, siteSection: section } };
  const seen = random() < 0.25 ? [event('directMarketing.emailOpened', {})] : [];
  const views = Array.from({ length: 1 + Math.floor(3 * random()) }, () =>
    event('commerce.productViews', { web, productListItems }),
  );
  const fills = random() < buys * 1.8;
  const cart = fills ? [event('commerce.productListAdds', { productListItems })] : [];
  const order = { priceTotal: product.priceTotal, currencyCode: 'EUR' };
  const paid = fills && random() < 0.55 ? [event('commerce.purchases', { commerce: { order }, productListItems })] : [];
  return [...seen, ...views, ...cart, ...paid];
}
