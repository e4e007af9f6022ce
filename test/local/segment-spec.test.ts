/** The client that producers of the Segment specification use, as it is published, pointed at the local service. */
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { eventually } from './support/eventually.ts';

let runner: ChildRunner;
let client: ShoalClient;
let writeKey: string;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
  writeKey = runner.local.writeKey ?? 'none';
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const analyticsWith = (key: string) =>
  new Analytics({ writeKey: key, host: runner.local.apiUrl, flushAt: 5, maxRetries: 0 });

const statusesOf = async (segmentId: string, userId: string): Promise<readonly string[]> =>
  (await client.allChanges()).changes
    .filter((change) => change.segmentId === segmentId && change.identities.some(({ id }) => id === userId))
    .map(({ status }) => status);

const becomes = (segmentId: string, userId: string, statuses: readonly string[]) =>
  eventually(
    () => statusesOf(segmentId, userId),
    (seen) => JSON.stringify(seen) === JSON.stringify(statuses),
  );

describe('the unmodified analytics client', () => {
  test('feeds a definition over events, which is entered and left', async () => {
    const added = 'xEvent[eventType = "commerce.productListAdds" and productListItems.SKU = "RUN-204"].count() >= 1';
    const bought = 'xEvent[eventType = "commerce.purchases" and commerce.order.priceTotal > 100].count() >= 1';
    const left = await client.createDefinition('shoe left in the cart', `${added} and not (${bought})`);
    const analytics = analyticsWith(writeKey);
    const shoe = { sku: 'RUN-204', name: 'Trail running shoe', price: 89.5, quantity: 2 };

    analytics.track({ userId: 'mira', event: 'Product Added', properties: shoe });
    await analytics.flush();
    await becomes(left, 'mira', ['realized']);
    analytics.track({
      userId: 'mira',
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 179, currency: 'EUR', products: [shoe] },
    });
    await analytics.closeAndFlush();

    await becomes(left, 'mira', ['realized', 'exited']);
  });

  test('feeds a definition over traits, which is entered and left', async () => {
    const pro = await client.createDefinition(
      'on plan pro in Graz',
      'segment.traits.plan = "pro" and homeAddress.city = "Graz"',
    );
    const analytics = analyticsWith(writeKey);
    const address = { city: 'Graz', country: 'AT' };

    analytics.identify({ userId: 'theo', traits: { email: 'theo@example.com', plan: 'pro', address } });
    await analytics.flush();
    await becomes(pro, 'theo', ['realized']);
    analytics.identify({ userId: 'theo', traits: { plan: 'free' } });
    await analytics.closeAndFlush();

    await becomes(pro, 'theo', ['realized', 'exited']);
  });

  test('makes every other kind of call, and an event with a name of its own', async () => {
    const all = await client.createDefinition(
      'made every call',
      [
        'xEvent[eventType = "web.webpagedetails.pageViews" and web.webPageDetails.name = "Home"].count() >= 1',
        'xEvent[eventType = "application.screenViews"].count() >= 1',
        'xEvent[eventType = "segment.group" and segment.traits.plan = "team"].count() >= 1',
        'xEvent[eventType = "Song Played" and segment.properties.length > 60].count() >= 1',
        'segment.groupId = "g-1"',
      ].join(' and '),
    );
    const analytics = analyticsWith(writeKey);

    analytics.page({ userId: 'vera', name: 'Home', properties: { url: 'https://example.com/' } });
    analytics.screen({ userId: 'vera', name: 'Start' });
    analytics.group({ userId: 'vera', groupId: 'g-1', traits: { plan: 'team' } });
    analytics.alias({ userId: 'vera', previousId: 'vera-before' });
    analytics.track({ userId: 'vera', event: 'Song Played', properties: { length: 61 } });
    await analytics.closeAndFlush();

    await becomes(all, 'vera', ['realized']);
    await becomes(all, 'vera-before', ['realized']);
  });

  test('is refused with a key that was revoked', async () => {
    const made = await client.request<{ id: string; writeKey: string }>('POST', '/config/writeKeys', { name: 'shop' });
    const list = () => client.request<{ writeKeys: { id: string }[] }>('GET', '/config/writeKeys');
    expect(JSON.stringify(await list())).not.toContain(made.writeKey);
    expect((await list()).writeKeys.map(({ id }) => id)).toContain(made.id);

    await client.request('DELETE', `/config/writeKeys/${made.id}`);

    expect((await list()).writeKeys.map(({ id }) => id)).not.toContain(made.id);
    const analytics = analyticsWith(made.writeKey);
    const failed = new Promise((resolve) => analytics.on('error', resolve));
    analytics.track({ userId: 'nobody', event: 'Song Played' });
    await analytics.closeAndFlush();
    expect(await failed).toMatchObject({ code: 'delivery_failure' });
  });
});

test('a browser’s call needs neither a header nor a content type of JSON', async () => {
  const body = JSON.stringify({ writeKey, anonymousId: 'a-1', event: 'Song Played' });
  const response = await fetch(`${runner.local.apiUrl}/v1/track`, { method: 'POST', body });

  expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { success: true } });
});

test('without a key there is nothing', async () => {
  const response = await fetch(`${runner.local.apiUrl}/v1/track`, {
    method: 'POST',
    body: '{"userId":"u","event":"e"}',
  });

  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
});
