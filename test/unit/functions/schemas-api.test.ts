import { beforeEach, describe, expect, test } from 'vitest';
import { observeBatch } from '#functions/observe-fields/observe-batch.ts';
import { schemasApi } from '#functions/schemas-api/schemas-api.ts';
import { eventTypeList, fieldList, schemaList, schemaResource } from '#shared/api/schemas.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryFieldStore, MemorySchemaStore } from '#shared/memory/memory-schema-stores.ts';
import { EXTENSION_BYTES_MAX } from '#shared/schema/limits.ts';
import { memoryGuard } from '#test/support/change-guards.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { problemOf } from '#test/support/segments-service.ts';

const BASE = '/data/core/ups/schemas';
const ARRIVAL = Date.parse('2026-03-01T12:00:00Z');

function world() {
  const [fields, schemas] = [new MemoryFieldStore(), new MemorySchemaStore()];
  let clock = ARRIVAL;
  const now = () => (clock += 1_000);
  const api = schemasApi({ fields, schemas, now }, memoryGuard());
  const send = (request: Partial<HttpRequest>) => api(httpRequest({ roles: ['operator'], ...request }));
  const at = (name: string) => ({ pathParameters: { name } });
  let sequence = 0;
  return {
    send,
    list: async () => schemaList.parse((await send({ routeKey: `GET ${BASE}` })).body),
    get: async (name: string) => {
      const { body, headers } = await send({ routeKey: `GET ${BASE}/{name}`, ...at(name) });
      return { ...schemaResource.parse(body), etag: headers?.etag };
    },
    put: async (name: string, body: unknown, more: Partial<HttpRequest> = {}) =>
      schemaResource.parse((await send({ routeKey: `PUT ${BASE}/{name}`, ...at(name), body, ...more })).body),
    patch: async (name: string, body: unknown) =>
      schemaResource.parse((await send({ routeKey: `PATCH ${BASE}/{name}`, ...at(name), body })).body),
    fields: async (query: Record<string, string> = {}) =>
      fieldList.parse((await send({ routeKey: `GET ${BASE}/fields`, query, roles: [] })).body),
    eventTypes: async () => eventTypeList.parse((await send({ routeKey: `GET ${BASE}/eventTypes` })).body),
    observe: async (...records: readonly object[]) => {
      sequence += 1;
      const data = Buffer.from(JSON.stringify(records));
      const record = { shardId: 'shard', sequenceNumber: String(sequence), data, arrival: ARRIVAL };
      await observeBatch([record], { fields, schemas, now, pause: async () => {} });
    },
  };
}

let service: ReturnType<typeof world>;
beforeEach(() => {
  service = world();
});

const shoeSize = { type: 'number', title: 'Shoe size' };
const event = (id: number, eventType: string, more: object = {}) => ({
  _id: `e-${id}`,
  timestamp: '2026-03-01T11:59:00Z',
  eventType,
  identityMap: { CRM: [{ id: `p-${id % 3}`, primary: true }] },
  ...more,
});

describe('an extension', () => {
  test('is there beside the default fields once it was put', async () => {
    const put = await service.put('profile', { properties: { shoeSize } });

    expect(put).toMatchObject({ version: 1, extension: { properties: { shoeSize } } });
    expect(put.composed).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { shoeSize, homeAddress: { type: 'object' } },
    });
    expect((await service.get('profile')).etag).toBe('"1"');
    expect((await service.list()).schemas.map(({ name, version }) => [name, version])).toEqual([
      ['profile', 1],
      ['event', 0],
    ]);
  });

  test('that changes nothing makes no version', async () => {
    await service.put('profile', { properties: { shoeSize } });
    expect((await service.put('profile', { properties: { shoeSize } })).version).toBe(1);
  });

  test('is changed by a merge patch, where null takes a field away', async () => {
    await service.put('profile', { properties: { shoeSize, vip: { type: 'boolean' } } });
    const patched = await service.patch('profile', { properties: { vip: null, tier: { type: 'string' } } });

    expect(patched.extension).toEqual({ properties: { shoeSize, tier: { type: 'string' } } });
  });

  test('is refused with every mistake, by its place', async () => {
    const properties = { vip: { type: 'yes', pattern: 'x' }, person: { type: 'string' } };
    const problem = await problemOf(service.put('profile', { properties }));

    expect(problem).toMatchObject({ code: 'invalid-request', status: 400 });
    expect(problem.details.mistakes?.map(({ pointer }) => pointer)).toEqual([
      '/properties/vip/type',
      '/properties/vip/pattern',
    ]);
    const contradiction = await problemOf(service.put('profile', { properties: { person: { type: 'string' } } }));
    expect(contradiction.details.mistakes).toMatchObject([{ pointer: '/properties/person/type' }]);
  });

  test('is not changed under If-Match of another version', async () => {
    await service.put('profile', { properties: { shoeSize } }, { headers: { 'if-match': '"0"' } });
    const stale = service.put('profile', { properties: {} }, { headers: { 'if-match': '"0"' } });

    expect(await problemOf(stale)).toMatchObject({ code: 'precondition-failed' });
    expect((await service.put('profile', { properties: {} }, { headers: { 'if-match': '"1"' } })).version).toBe(2);
  });

  test('of which two are put at once is one of them, and the other is told', async () => {
    const puts = ['a', 'b'].map((name) => service.put('event', { properties: { [name]: { type: 'string' } } }));
    const outcomes = await Promise.allSettled(puts);
    const lost = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(lost.reason).toMatchObject({ code: 'conflict' });
  });

  test('is changed by operators and admins only, and read by everybody', async () => {
    for (const roles of [[], ['viewer'], ['author'], ['publisher']]) {
      const refused = service.put('profile', { properties: {} }, { roles });
      expect(await problemOf(refused)).toMatchObject({ code: 'role-forbidden' });
    }
    expect((await service.put('profile', { properties: {} }, { roles: ['admin'] })).version).toBe(1);
  });

  test('has a limit on its size', async () => {
    const description = 'x'.repeat(1_000);
    const count = EXTENSION_BYTES_MAX / 1_000;
    const properties = Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, { description }]));
    expect(await problemOf(service.put('profile', { properties }))).toMatchObject({ code: 'too-large' });
  });

  test('of another name than profile and event is not there', async () => {
    expect(await problemOf(service.get('order'))).toMatchObject({ code: 'not-found' });
  });
});

describe('the fields', () => {
  const seoul = { homeAddress: { city: 'Seoul' } };
  const record = { recordType: 'profile', datasetId: 'crm', timestamp: '2026-03-01T11:59:00Z' };
  const identityMap = { CRM: [{ id: 'p-1', primary: true }] };
  beforeEach(async () => {
    await service.put('event', { properties: { store: { type: 'string', 'meta:labels': ['C2'] } } });
    await service.observe(
      event(1, 'commerce.purchases', { store: 'Hongdae', commerce: { order: { priceTotal: 10 } } }),
      event(2, 'commerce.purchases', { store: 'Hongdae', commerce: { order: { priceTotal: 30 } } }),
      event(3, 'commerce.productViews', { coupon: 'SPRING' }),
      event(4, 'commerce.productViews'),
      { ...record, identityMap, attributes: seoul },
    );
  });

  test('are listed with what is known of their values', async () => {
    const { fields, observed } = await service.fields({ q: 'store', withData: 'true' });

    expect(fields).toMatchObject([
      {
        schema: 'event',
        path: 'store',
        title: 'Store',
        type: 'string',
        source: 'extension',
        labels: ['C2'],
        group: { id: 'custom' },
        observed: { count: 2, filled: 0.5, people: 2, topValues: [{ value: 'Hongdae', share: 1 }] },
      },
    ]);
    expect(observed).toMatchObject([
      { schema: 'profile', counts: 'profile records', records: 1 },
      { schema: 'event', counts: 'events', records: 4, people: 3, fieldsMax: 1000 },
    ]);
  });

  test('that nobody declared are listed as the data shows them', async () => {
    const { fields } = await service.fields({ q: 'coupon' });
    expect(fields).toMatchObject([{ path: 'coupon', title: 'Coupon', type: 'string', source: 'observed' }]);
  });

  test('are found by a value, which is said', async () => {
    const { fields } = await service.fields({ q: 'seoul' });
    expect(fields[0]).toMatchObject({ path: 'homeAddress.city', match: { in: 'value', text: 'Seoul' } });
  });

  test('can be those with data only, and how many that hides is said', async () => {
    const all = await service.fields({ schema: 'profile', limit: '500' });
    const filled = await service.fields({ schema: 'profile', withData: 'true' });

    expect(filled.fields.map(({ path }) => path)).toContain('homeAddress.city');
    expect(filled.page.totalCount + filled.page.withoutData).toBe(all.page.totalCount);
  });

  test('can be those of one event type', async () => {
    const { fields } = await service.fields({ eventType: 'commerce.purchases' });
    const paths = fields.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['commerce.order.priceTotal', 'store']));
    expect(paths).not.toContain('coupon');
  });

  test('come in pages that neither repeat nor skip one', async () => {
    const paths: string[] = [];
    let after: string | undefined;
    do {
      const { fields, page } = await service.fields({ limit: '97', ...(after && { after }) });
      paths.push(...fields.map(({ schema, path }) => `${schema}:${path}`));
      after = page.next;
    } while (after !== undefined);

    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.length).toBe((await service.fields()).page.totalCount);
    expect(await problemOf(service.fields({ after: 'event:nowhere' }))).toMatchObject({ code: 'invalid-request' });
  });

  test('of another sandbox are its own', async () => {
    const query = { withData: 'true' };
    const { body } = await service.send({ routeKey: `GET ${BASE}/fields`, query, sandbox: 'dev' as never });
    expect(fieldList.parse(body).fields).toEqual([]);
  });
});

test('event types are listed with their counts, the most frequent first', async () => {
  await service.observe(
    event(1, 'commerce.purchases'),
    event(2, 'commerce.productViews'),
    event(3, 'commerce.productViews'),
    event(4, 'Song Played'),
    { ...event(5, 'x'), eventType: undefined },
  );

  expect((await service.eventTypes()).eventTypes).toMatchObject([
    { eventType: 'commerce.productViews', title: 'View product', count: 2, share: 0.4, people: 2, sampleRate: 1 },
    { eventType: 'Song Played', title: 'Song Played', count: 1 },
    { eventType: 'commerce.purchases', title: 'Purchase', count: 1 },
  ]);
});
