/** Events of shoppers, as any producer would put them. */
import type { StreamRecordInput } from '#local/client.ts';

let count = 0;

export function shoeView(email: string, more: object = {}): Record<string, unknown> {
  count += 1;
  return {
    _id: `view-${count}-${Math.random()}`,
    timestamp: new Date().toISOString(),
    eventType: 'commerce.productViews',
    identityMap: { Email: [{ id: email, primary: true }] },
    web: { webPageDetails: { siteSection: 'running shoes' } },
    ...more,
  };
}

export const record = (body: unknown, partitionKey = 'any'): StreamRecordInput => ({ partitionKey, body });
