import { expect, test } from 'vitest';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { covers, decodeRows, encodeRows, mergeRows, prune, rowOf } from '#shared/segment/leaf-rows.ts';
import { RowTable } from '#shared/segment/row-table.ts';

const NOW = 1_000_000;

function storedRow(event: Partial<StoredEvent>, ...fields: readonly (readonly string[])[]) {
  const shape = { fields, flags: [] };
  const table = new RowTable([]);
  const row = rowOf({ _id: 'e1', timestamp: NOW, ...event }, shape, table);
  const [back] = decodeRows(encodeRows([row], shape), shape, table);
  return JSON.parse(JSON.stringify(back));
}

function rowsAt(...times: readonly number[]) {
  const table = new RowTable([]);
  const rows = times.map((timestamp, index) =>
    rowOf({ _id: `e${index}`, timestamp }, { fields: [], flags: [] }, table),
  );
  return mergeRows([], rows, {}, NOW);
}

const timesOf = (rows: readonly { readonly timestamp: number }[]) => rows.map(({ timestamp }) => timestamp - NOW);

test('a row keeps the fields that are read, and its time', () => {
  expect(storedRow({ price: 3, web: { page: 'a', other: 1 } }, ['price'], ['web', 'page'])).toEqual({
    timestamp: NOW,
    price: 3,
    web: { page: 'a' },
  });
});

test('a field below a list is what the language reads through the list', () => {
  expect(storedRow({ items: [{ sku: 'a' }, 'x', { sku: null }, { sku: ['b', 'c'] }] }, ['items', 'sku'])).toEqual({
    timestamp: NOW,
    items: { sku: ['a', 'b', 'c'] },
  });
});

test('a field below a text or a number is none', () => {
  expect(storedRow({ web: 'mobile', price: 3 }, ['web', 'page'], ['price', 'sum'])).toEqual({ timestamp: NOW });
});

test('a list that is kept whole stays whole beside a field below it', () => {
  expect(storedRow({ items: [{ sku: 'a', n: 1 }] }, ['items'], ['items', 'sku'])).toEqual({
    timestamp: NOW,
    items: [{ sku: 'a', n: 1 }],
  });
});

test('the newest n are kept beside every row of the future', () => {
  const rows = rowsAt(NOW - 3, NOW - 2, NOW, NOW + 1, NOW + 9);

  expect(timesOf(prune(rows, { newest: 2 }, NOW))).toEqual([-2, 0, 1, 9]);
  expect(timesOf(prune(rows, { newest: 2 }, NOW + 9))).toEqual([1, 9]);
});

test('rows are let go behind the horizon, not on it', () => {
  expect(timesOf(prune(rowsAt(NOW - 11, NOW - 10, NOW), { horizonMs: 10 }, NOW))).toEqual([-10, 0]);
});

test.each([
  [{}, { newest: 3, horizonMs: 9 }, true],
  [{ newest: 3 }, { newest: 3 }, true],
  [{ newest: 2 }, { newest: 3 }, false],
  [{ newest: 3 }, {}, false],
  [{ horizonMs: 9 }, { horizonMs: 10 }, false],
])('a leaf that keeps %j serves a use of %j: %s', (existing, wanted, serves) => {
  expect(covers(existing, wanted)).toBe(serves);
});

test('a field may be named like a prototype', () => {
  const shape = { fields: [['__proto__', 'page']], flags: [] };
  const table = new RowTable([]);
  const event = JSON.parse('{ "_id": "e1", "timestamp": 1000, "__proto__": { "page": "a" } }') as StoredEvent;

  const [back] = decodeRows(encodeRows([rowOf(event, shape, table)], shape), shape, table);

  expect(JSON.stringify(back)).toBe('{"timestamp":1000,"__proto__":{"page":"a"}}');
});
