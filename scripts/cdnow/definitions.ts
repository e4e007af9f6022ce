/**
 * Five definitions over the purchases, each twice: as PQL for the service, and as a plain function over the lines of one
 * customer. The function shares no code with the service: it is what the service is held to.
 */
import type { Purchase } from './purchases.ts';

export interface CheckedDefinition {
  readonly name: string;
  readonly pql: string;
  holds(purchases: readonly Purchase[], now: number): boolean;
}

const DAY_MS = 86_400_000;
const isWithin = (days: number, now: number) => (purchase: Purchase) => purchase.time >= now - days * DAY_MS;

const BOUGHT = 'eventType = "commerce.purchases"';
const boughtWithin = (days: number) => `xEvent[${BOUGHT} and timestamp occurs <= ${days} days before now]`;

export const DEFINITIONS: readonly CheckedDefinition[] = [
  {
    name: 'bought at least 3 times, none in the last 90 days',
    pql: `xEvent[${BOUGHT}].count() >= 3 and ${boughtWithin(90)}.count() = 0`,
    holds: (purchases, now) => purchases.length >= 3 && !purchases.some(isWithin(90, now)),
  },
  {
    name: 'bought in the last 30 days',
    pql: `${boughtWithin(30)}.count() >= 1`,
    holds: (purchases, now) => purchases.some(isWithin(30, now)),
  },
  {
    name: 'bought once and never again',
    pql: `xEvent[${BOUGHT}].count() = 1`,
    holds: (purchases) => purchases.length === 1,
  },
  {
    name: 'spent 100 dollars or more at once, in the last year',
    pql: `xEvent[${BOUGHT} and commerce.order.priceTotal >= 100 and timestamp occurs <= 365 days before now].count() >= 1`,
    holds: (purchases, now) => purchases.some((purchase) => purchase.dollars >= 100 && isWithin(365, now)(purchase)),
  },
  {
    name: 'twice or more in the last half year, never under 15 dollars',
    pql: `${boughtWithin(182)}.count() >= 2 and not (xEvent[${BOUGHT} and commerce.order.priceTotal < 15].count() >= 1)`,
    holds: (purchases, now) =>
      purchases.filter(isWithin(182, now)).length >= 2 && !purchases.some(({ dollars }) => dollars < 15),
  },
];
