import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL_TYPES } from '#functions/track-api/call.ts';
import { EVENT_TYPES } from '#functions/track-api/event-types.ts';
import { FOUND_MS, KnownKeys, NOT_FOUND_MS } from '#functions/track-api/known-keys.ts';
import { trackApi } from '#functions/track-api/track-api.ts';
import { Problem } from '#shared/api/problem.ts';
import type { StreamRecord } from '#shared/aws/stream-records.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { silentTelemetry } from '#test/support/silent-telemetry.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const KEY = 'a-write-key';
const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

interface Options {
  readonly headers?: Readonly<Record<string, string>>;
  readonly hasRoom?: boolean;
}

async function call(
  path: string,
  body: unknown,
  { headers = { authorization: basic(KEY) }, hasRoom = true }: Options = {},
) {
  const records: StreamRecord[] = [];
  const request = {
    routeKey: `POST /v1/${path}`,
    method: 'POST',
    path: `/v1/${path}`,
    headers,
    requestId: 'request-1',
    body: body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
  const response = await trackApi(request, {
    keys: { find: async (key) => (key === KEY ? ('dev' as SandboxName) : undefined) },
    writer: {
      write: async (batch) => {
        records.push(...batch);
        return batch.map(() => hasRoom);
      },
    },
    logger: silentTelemetry().logger,
    now: () => NOW,
  });
  const items = records.flatMap(({ data }) =>
    new TextDecoder()
      .decode(data)
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  return { ...response, items, records };
}

const SONG = { userId: 'u1', event: 'Song Played', messageId: 'm1', timestamp: '2026-03-01T11:00:00Z' };

describe('a write key', () => {
  test.each([
    ['as user name', SONG, { authorization: basic(KEY) }],
    ['as user name with a password that nobody asks for', SONG, { authorization: basic(`${KEY}:secret`) }],
    ['in the body', { ...SONG, writeKey: KEY }, {}],
  ])('is taken %s, and says which sandbox', async (_, body, headers) => {
    const { status, items } = await call('track', body, { headers });

    expect(status).toBe(200);
    expect(items).toMatchObject([{ _id: 'm1', sandboxName: 'dev' }]);
    expect(JSON.stringify(items)).not.toContain(KEY);
  });

  test.each([
    ['is missing', SONG, {}],
    ['is another', SONG, { authorization: basic('another') }],
    ['is a token', SONG, { authorization: 'Bearer token' }],
    ['in the body is overruled by a wrong header', { ...SONG, writeKey: KEY }, { authorization: basic('another') }],
  ])('that %s is 401', async (_, body, headers) => {
    const { status, items, body: answer } = await call('track', body, { headers });

    expect({ status, items }).toEqual({ status: 401, items: [] });
    expect(answer).toMatchObject({ success: false, type: 'urn:shoal:problem:unauthorized' });
  });

  test('is looked up once a minute', async () => {
    let [now, reads] = [0, 0];
    const store = {
      find: async (key: string) => {
        reads += 1;
        return key === KEY ? ('dev' as SandboxName) : undefined;
      },
    };
    const keys = new KnownKeys(store, () => now);

    for (const [key, at] of [
      [KEY, 0],
      [KEY, FOUND_MS - 1],
      ['no', FOUND_MS - 1],
      ['no', FOUND_MS - 2 + NOT_FOUND_MS],
    ] as const) {
      now = at;
      await keys.find(key);
    }
    expect(reads).toBe(2);
    now = FOUND_MS;
    expect(await keys.find(KEY)).toBe('dev');
    expect(reads).toBe(3);
  });
});

describe('time', () => {
  const timeOf = async (more: object) =>
    new Date((await call('track', { ...SONG, ...more })).items[0].timestamp).toISOString();

  test.each([
    ['is corrected by what the sender’s clock is off', { sentAt: '2026-03-01T11:00:10Z' }, '2026-03-01T11:59:50.000Z'],
    ['is as it was sent without sentAt', {}, '2026-03-01T11:00:00.000Z'],
    ['is the arrival without a timestamp', { timestamp: null }, '2026-03-01T12:00:00.000Z'],
    ['may be almost ISO 8601', { timestamp: '2015-2-02T00:30:12.984Z' }, '2015-02-02T00:30:12.984Z'],
  ])('%s', async (_, more, expected) => {
    expect(await timeOf(more)).toBe(expected);
  });

  test('of a batch’s calls is corrected by the batch’s sentAt', async () => {
    const { items } = await call('batch', { batch: [{ ...SONG, type: 'track' }], sentAt: '2026-03-01T11:00:01Z' });
    expect(items).toMatchObject([{ timestamp: NOW - 1_000 }]);
  });
});

describe('a call that can’t be taken', () => {
  test.each([
    ['track', { event: 'x' }, /neither userId nor anonymousId/],
    ['track', { userId: 'u' }, /no event/],
    ['track', { ...SONG, timestamp: 'yesterday' }, /timestamp/],
    ['track', { ...SONG, properties: 'many' }, /properties is no JSON object/],
    ['track', { ...SONG, messageId: 'm'.repeat(257) }, /messageId/],
    ['track', { ...SONG, userId: 'u'.repeat(513) }, /512/],
    ['track', `{"userId":"u","event":"e","properties":${'{"a":'.repeat(40)}1${'}'.repeat(41)}`, /nested/],
    ['group', { userId: 'u' }, /groupId/],
    ['alias', { userId: 'u' }, /previousId/],
    ['alias', { anonymousId: 'u', previousId: 'v' }, /userId/],
    ['track', { ...SONG, properties: { text: 'x'.repeat(32 * 1024) } }, /32 KB/],
    ['batch', { batch: [{ ...SONG, type: 'track', properties: { text: 'x'.repeat(32 * 1024) } }] }, /32768/],
    ['batch', { batch: [{ ...SONG, type: 'listen' }] }, /type/],
    ['batch', { batch: 7 }, /batch/],
    ['batch', { batch: Array.from({ length: 2501 }, () => 0) }, /2500/],
    ['batch', { batch: [], more: 'x'.repeat(500 * 1024) }, /500 KB/],
    ['track', '{', /JSON/],
    ['track', '[]', /object/],
  ])('%s of %j', async (path, body, reason) => {
    await expect(call(path, body)).rejects.toMatchObject({ status: 400, message: expect.stringMatching(reason) });
  });

  test('costs nothing but itself in a batch', async () => {
    const batch = [{ ...SONG, type: 'track' }, { type: 'track', messageId: 'm2', event: 'x' }, 7];
    const { status, body, items } = await call('batch', { batch });

    expect(items).toHaveLength(1);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { success: true, rejected: [{ index: 1, messageId: 'm2' }, { index: 2 }] },
    });
  });

  test('because the stream has no room may be sent again', async () => {
    await expect(call('track', SONG, { hasRoom: false })).rejects.toMatchObject({ status: 503 });
  });
});

test('nothing that is sent makes it fail: every body is answered or refused with a reason', async () => {
  const ids = { userId: 'u', previousId: 'v', groupId: 'g', event: 'Order Completed' };
  const bag = fc.oneof(
    fc.jsonValue(),
    fc.record({ products: fc.jsonValue(), address: fc.jsonValue(), total: fc.jsonValue() }),
  );
  const body = fc.record({
    properties: bag,
    traits: bag,
    context: bag,
    timestamp: fc.jsonValue(),
    sentAt: fc.jsonValue(),
  });
  const any = fc.tuple(fc.constantFrom(...CALL_TYPES), fc.oneof(fc.jsonValue(), body), fc.boolean());
  await fc.assert(
    fc.asyncProperty(any, async ([type, sent, isWithIds]) => {
      const given = isWithIds && typeof sent === 'object' ? { ...ids, ...sent } : sent;
      for (const [path, wrapped] of [
        [type, given],
        ['batch', { batch: [given, { type, ...ids }] }],
      ] as const) {
        const status = await call(path, wrapped).then(
          (answer) => answer.status,
          (error) => (error instanceof Problem ? error.status : error),
        );
        expect([200, 400]).toContain(status);
      }
    }),
    { numRuns: 300 },
  );
});

test('a body may be compressed, but not without end', async () => {
  const headers = { authorization: basic(KEY), 'content-encoding': 'gzip' };

  expect(await call('track', gzipSync(JSON.stringify(SONG)), { headers })).toMatchObject({ body: { success: true } });
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  await expect(call('track', bomb, { headers })).rejects.toMatchObject({ status: 400 });
  await expect(call('track', SONG, { headers })).rejects.toMatchObject({ status: 400 });
});

test('a call without an id is the same event when it is sent again, if it says when it was made', async () => {
  const { messageId: _, timestamp, ...undated } = SONG;
  const idOf = async (body: object) => (await call('track', body)).items[0]._id;

  expect(await idOf({ ...undated, timestamp })).toBe(await idOf({ ...undated, timestamp }));
  expect(await idOf({ ...undated, timestamp })).not.toBe(await idOf({ ...undated, timestamp, event: 'Song Skipped' }));
  expect(await idOf(undated)).toBe('request-1#0');
});

describe('track', () => {
  test('of an event that the specification names has its XDM fields, and all that was sent', async () => {
    const products = [
      { product_id: 'p-1', sku: 'S-1', name: 'Shoe', price: 19.99, quantity: 3 },
      { product_id: 'p-2', price: '5' },
    ];
    const properties = { order_id: 'o-1', revenue: 60, tax: 5, currency: 'EUR', products };
    const context = { ip: '10.0.0.1', os: { name: 'iOS', version: '19' }, page: { url: 'https://example.com/a' } };
    const { items } = await call('track', { ...SONG, event: 'order completed', properties, context });

    expect(items).toEqual([
      {
        sandboxName: 'dev',
        _id: 'm1',
        timestamp: Date.parse(SONG.timestamp),
        eventType: 'commerce.purchases',
        identityMap: { userId: [{ id: 'u1', primary: true }] },
        commerce: {
          purchases: { value: 1 },
          order: { purchaseID: 'o-1', priceTotal: 60, taxAmount: 5, currencyCode: 'EUR' },
        },
        productListItems: [
          { SKU: 'S-1', name: 'Shoe', quantity: 3, priceTotal: 59.97, currencyCode: 'EUR' },
          { SKU: 'p-2', priceTotal: 5, currencyCode: 'EUR' },
        ],
        environment: { operatingSystem: 'iOS', operatingSystemVersion: '19', ipV4: '10.0.0.1' },
        web: { webPageDetails: { URL: 'https://example.com/a' } },
        segment: { type: 'track', event: 'order completed', properties, context },
      },
    ]);
  });

  test('of an event about one product takes its properties as the product’s', async () => {
    const properties = { product_id: 'p-1', price: 10, quantity: 2 };
    const { items } = await call('track', { ...SONG, event: 'Product Added', properties });

    expect(items).toMatchObject([
      { commerce: { productListAdds: { value: 1 } }, productListItems: [{ SKU: 'p-1', quantity: 2, priceTotal: 20 }] },
    ]);
    expect(items[0].commerce).not.toHaveProperty('order');
  });

  test('of anything else keeps its name', async () => {
    const { items } = await call('track', { ...SONG, event: 'constructor', properties: { a: {}, b: null } });

    expect(items).toMatchObject([{ eventType: 'constructor', segment: { properties: { a: {}, b: null } } }]);
  });

  test('ties the two ids together, the user first', async () => {
    const { items } = await call('track', { ...SONG, userId: 17, anonymousId: 'a-1' });

    expect(items[0].identityMap).toEqual({ userId: [{ id: '17', primary: true }], anonymousId: [{ id: 'a-1' }] });
  });
});

test('identify is a profile record: person fields by XDM, and every trait', async () => {
  const traits = {
    email: 'ann@example.com',
    firstName: 'Ann',
    phone: null,
    birthday: '1990-05-04T00:00:00Z',
    address: { street: 'Ring 1', city: 'Graz', state: 'Styria', postalCode: 8010, country: 'at' },
    plan: 'pro',
  };
  const { items } = await call('identify', { ...SONG, traits });

  expect(items).toEqual([
    {
      sandboxName: 'dev',
      recordType: 'profile',
      datasetId: 'segment',
      timestamp: Date.parse(SONG.timestamp),
      identityMap: { userId: [{ id: 'u1', primary: true }] },
      attributes: {
        person: { name: { firstName: 'Ann' }, birthDate: '1990-05-04' },
        personalEmail: { address: 'ann@example.com' },
        mobilePhone: { number: null },
        homeAddress: {
          street1: 'Ring 1',
          city: 'Graz',
          stateProvince: 'Styria',
          postalCode: '8010',
          countryCode: 'AT',
        },
        segment: { traits },
      },
    },
  ]);
});

test('page and screen are views', async () => {
  const properties = { url: 'https://example.com/pricing', title: 'All prices', referrer: 'https://example.com/' };
  const page = await call('page', { ...SONG, name: 'Pricing', category: 'Docs', properties });
  const screen = await call('screen', { ...SONG, name: 'Start' });

  expect(page.items).toMatchObject([
    {
      eventType: 'web.webpagedetails.pageViews',
      web: {
        webPageDetails: { name: 'Pricing', siteSection: 'Docs', URL: properties.url, pageViews: { value: 1 } },
        webReferrer: { URL: properties.referrer },
      },
      segment: { type: 'page', name: 'Pricing', category: 'Docs', properties },
    },
  ]);
  expect(screen.items).toMatchObject([
    { eventType: 'application.screenViews', web: { webPageDetails: { viewName: 'Start' } } },
  ]);
});

test('group is an event with the group’s traits, and the person’s latest group', async () => {
  const { items, records } = await call('group', { ...SONG, groupId: 'g1', traits: { plan: 'team' } });

  expect(items).toMatchObject([
    { eventType: 'segment.group', segment: { groupId: 'g1', traits: { plan: 'team' } } },
    { recordType: 'profile', attributes: { segment: { groupId: 'g1' } } },
  ]);
  expect(records).toHaveLength(1);
});

test('alias names the former id as both that it may be', async () => {
  const { items } = await call('alias', { ...SONG, previousId: 'before' });

  expect(items[0]).toMatchObject({
    eventType: 'segment.alias',
    identityMap: { userId: [{ id: 'u1', primary: true }, { id: 'before' }], anonymousId: [{ id: 'before' }] },
  });
});

test('a batch’s context holds for each call, whose own comes first', async () => {
  const batch = [{ ...SONG, type: 'track', context: { ip: '10.0.0.2' } }];
  const { items } = await call('import', { batch, context: { ip: '10.0.0.1', os: { name: 'iOS' } } });

  expect(items).toMatchObject([{ environment: { ipV4: '10.0.0.2', operatingSystem: 'iOS' } }]);
});

test('the documented event names are the mapped ones', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/segment-spec.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([A-Z][\w ]+) \| `([\w.]+)` \| `([\w.]+)\.value` \|$/gm)].map((row) =>
    row.slice(1),
  );
  const mapped = Object.entries(EVENT_TYPES).map(([name, { eventType, measure = [] }]) => [
    name,
    eventType,
    measure.join('.'),
  ]);

  expect(rows).toEqual(mapped);
});
