import type { ShoalClient } from '#local/client.ts';
import { ProgressBar } from './progress-bar.ts';
import { byCustomer, type Purchase, toExperienceEvent } from './purchases.ts';

const CUSTOMERS_PER_SEND = 1_000;

/** As a producer sends them: a record of the stream for each customer. */
export async function sendPurchases(client: ShoalClient, purchases: readonly Purchase[]): Promise<void> {
  const customers = [...byCustomer(purchases)];
  const bar = new ProgressBar('sending', purchases.length);
  let sent = 0;
  for (let from = 0; from < customers.length; from += CUSTOMERS_PER_SEND) {
    const part = customers.slice(from, from + CUSTOMERS_PER_SEND);
    await client.put(part.map(([partitionKey, own]) => ({ partitionKey, body: own.map(toExperienceEvent) })));
    sent += part.reduce((sum, [, own]) => sum + own.length, 0);
    bar.show(sent);
  }
}
