import { expect, test } from 'vitest';
import { check, parse } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { declarationsFor } from '#shared/schema/declarations.ts';

const order = {
  type: 'object',
  properties: {
    total: { type: 'number' },
    placed: { type: 'string', format: 'date-time' },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' }, count: { type: 'integer' } } },
    },
  },
} as const;
const extensions: SchemaExtensions = {
  profile: {
    properties: {
      order,
      orders: { type: 'array', items: order },
      scores: { type: 'object', additionalProperties: { type: 'number' } },
      person: { properties: { shoeSize: { type: 'number' } } },
      total: { type: 'string' },
      'odd-name': { type: 'integer' },
    },
  },
  event: { properties: { store: { type: 'object', properties: { floor: { type: 'integer' } } } } },
};

test.each([
  ['order.total > "5"'],
  ['orders[total > 5].count() > 1'],
  ['orders[lines[count > "2"].count() > 0].count() > 1'],
  ['orders.map(o => o.placed).max() > now'],
  ['select O from orders where O.total > 7'],
  ['order.placed occurs <= 3 days before now'],
  ['scores.churn > "0.5"'],
  ['scores.get("churn") > 0.5'],
  ['person.shoeSize = "42"'],
  ['xEvent[store.floor = "3" and timestamp occurs <= 3 days before now].count() >= 1'],
  ['chain(xEvent, timestamp, [A: WHAT(store.floor = "1"), B: WHAT(store.floor = "2") WHEN(<= 1 day after A)])'],
  ['let total = order.total in total > 3'],
  ['(P) => P.order.total > "5"'],
  ['$1.order.total > "x"'],
  ['`odd-name` = "5"'],
  ['xEvent[^order.total > "5" and this.store.floor > "x"].count() > 0'],
  ['total + 1 > 5'],
  ['orders[total > 5 and lines.sku = "x"].lines.count > 3'],
  ['homeAddress.city = "Seoul"'],
])('%s is checked alike with what it takes along and with the whole schema', (source) => {
  const parsed = parse(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const declared = declarationsFor(parsed.value, extensions);
  const withAll = check(parsed.value, composedSchema(extensions), { mode: 'value' });
  const withExcerpt = check(parsed.value, composedSchema(declared ?? {}), { mode: 'value' });

  const shape = (value: unknown) =>
    JSON.stringify(value, (key, each) => (key === 'type' && each?.kind === 'object' ? 'object' : each));
  expect(shape(withExcerpt)).toBe(shape(withAll));
});

test('only the fields that are named are taken along, in the order of their names', () => {
  const parsed = parse('person.shoeSize > 40 and order.total > 5');
  expect(parsed.ok && declarationsFor(parsed.value, extensions)).toEqual({
    profile: {
      properties: {
        order: { type: 'object', properties: { total: { type: 'number' } } },
        person: { properties: { shoeSize: { type: 'number' } } },
        total: { type: 'string' },
      },
    },
  });
});
