/** What producers send is seen as fields, over HTTP, with the synthesized stack. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { type EventTypeList, eventTypeList, type FieldList, fieldList } from '#shared/api/schemas.ts';
import { eventually } from './support/eventually.ts';
import { record, shoeView } from './support/shoppers.ts';

let runner: ChildRunner;
let client: ShoalClient;
beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const fields = async (query: Record<string, string>): Promise<FieldList> =>
  fieldList.parse(await client.request('GET', `/schemas/fields?${new URLSearchParams(query)}`));
const eventTypes = async (): Promise<EventTypeList> =>
  eventTypeList.parse(await client.request('GET', '/schemas/eventTypes'));

test('events that were put are fields with their distribution, and found by a value', async () => {
  const cities = ['Seoul', 'Seoul', 'Seoul', 'Busan'];
  const views = cities.map((city, index) =>
    shoeView(`p${index}@example.com`, { placeContext: { geo: { city } }, shop: { floor: index } }),
  );
  await client.put(views.map((view) => record(view)));

  const found = await eventually(
    () => fields({ q: 'seoul', withData: 'true' }),
    (list) => list.fields[0]?.observed?.count === 4,
  );
  expect(found.fields[0]).toMatchObject({
    path: 'placeContext.geo.city',
    titles: ['Place', 'Geographic position', 'City'],
    match: { in: 'value', text: 'Seoul' },
    observed: {
      count: 4,
      people: 4,
      topValues: [
        { value: 'Seoul', share: 0.75 },
        { value: 'Busan', share: 0.25 },
      ],
    },
  });
  expect((await fields({ q: 'floor' })).fields).toMatchObject([
    { path: 'shop.floor', source: 'observed', type: 'integer', observed: { range: { min: 0, max: 3 } } },
  ]);
  expect((await eventTypes()).eventTypes).toMatchObject([{ eventType: 'commerce.productViews', count: 4 }]);
  expect(JSON.stringify(await fields({ limit: '500' }))).not.toContain('@example.com');
});

test('an extension that is put is there in the schema and in the field list', async () => {
  const floor = { type: 'integer', title: 'Floor of the shop', 'meta:labels': ['C2'] };
  const properties = { shop: { type: 'object', properties: { floor } } };

  const put = await client.request<{ version: number }>('PUT', '/schemas/event', { properties });
  const { fields: listed } = await fields({ q: 'floor of the shop' });

  expect(put.version).toBe(1);
  expect(listed).toMatchObject([{ path: 'shop.floor', source: 'extension', labels: ['C2'] }]);
});
