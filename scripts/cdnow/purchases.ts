/** The CDNOW file: every purchase of 23,570 customers from January 1997 to June 1998, in columns of fixed width. */
import { readFileSync } from 'node:fs';

export interface Purchase {
  /** From 1; part of the event's id, since 215 lines occur more than once. */
  readonly line: number;
  readonly customerId: string;
  /** Midnight UTC of the purchase's day. */
  readonly time: number;
  readonly quantity: number;
  readonly dollars: number;
}

const LINE = /^ (\d{5}) (\d{4})(\d{2})(\d{2}) +(\d+) +(\d+\.\d+)\s*$/;

export function readPurchases(file: string): readonly Purchase[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, index) => (/^ \d{5} /.test(text) ? [parseLine(text, index + 1)] : []));
}

function parseLine(text: string, line: number): Purchase {
  const [, customerId, year, month, day, quantity, dollars] = LINE.exec(text) ?? [];
  if (customerId === undefined) throw new Error(`line ${line} is no purchase: ${JSON.stringify(text)}`);
  return {
    line,
    customerId,
    time: Date.UTC(Number(year), Number(month) - 1, Number(day)),
    quantity: Number(quantity),
    dollars: Number(dollars),
  };
}

export function byCustomer(purchases: readonly Purchase[]): ReadonlyMap<string, readonly Purchase[]> {
  return Map.groupBy(purchases, ({ customerId }) => customerId);
}

export function toExperienceEvent({ line, customerId, time, quantity, dollars }: Purchase): object {
  return {
    _id: `cdnow-${line}`,
    timestamp: new Date(time).toISOString(),
    eventType: 'commerce.purchases',
    identityMap: { CustomerId: [{ id: customerId, primary: true }] },
    commerce: { purchases: { value: 1 }, order: { priceTotal: dollars, currencyCode: 'USD' } },
    productListItems: [{ SKU: 'CD', quantity, priceTotal: dollars }],
  };
}
