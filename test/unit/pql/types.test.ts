/** What the checker knows of a result before there is any data. */
import { expect, test } from 'vitest';
import { check, parse } from '#shared/pql/index.ts';
import { describe as named, type Type } from '#shared/pql/types.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

const nameOf = (type: Type): string => {
  if (type.kind === 'map') return `map of ${nameOf(type.key)} to ${nameOf(type.value)}`;
  if (type.kind === 'list') return `list of ${nameOf(type.item)}`;
  return type.kind === 'any' ? 'any' : named(type);
};

test.each([
  ['homeAddress.city', 'string'],
  ['homeAddress.unknown', 'any'],
  ['unknown.path', 'any'],
  ['homeAddress', 'object'],
  ['loyalty.joinDate', 'timestamp'],
  ['person.birthDate', 'timestamp'],
  ['person.birthYear', 'integer'],
  ['loyalty.loyaltyID', 'list of string'],
  ['xEvent.timestamp', 'list of timestamp'],
  ['xEvent.eventType', 'list of string'],
  ['xEvent.productListItems.SKU', 'list of string'],
  ['xEvent.unknown', 'list of any'],
  ['xEvent', 'list of object'],
  ['xEvent.head()', 'object'],
  ['xEvent.head().eventType', 'string'],
  ['xEvent[true].topN(timestamp, 1)', 'list of object'],
  ['xEvent.map(eventType)', 'list of string'],
  ['xEvent.map((e) => e.timestamp)', 'list of timestamp'],
  ['xEvent.groupBy(eventType)', 'map of string to list of object'],
  ['xEvent.groupBy(eventType).map(this.count())', 'map of string to integer'],
  ['xEvent.groupBy(eventType).map((K, G) => mapEntry(K, G.count()))', 'map of string to integer'],
  ['xEvent.groupBy(eventType).map((K, G) => G.count())', 'list of integer'],
  ['xEvent.groupBy(eventType).keys()', 'list of string'],
  ['xEvent.groupBy(eventType).values()', 'list of list of object'],
  ['xEvent.groupBy(eventType).get("a")', 'list of object'],
  ['identityMap.ECID.id', 'list of string'],
  ['xEvent.count()', 'integer'],
  ['xEvent.sum(commerce.order.priceTotal)', 'double'],
  ['xEvent.max(timestamp)', 'timestamp'],
  ['xEvent.min(eventType)', 'string'],
  ['xEvent.eventType.max()', 'string'],
  ['xEvent.distinctCount(eventType)', 'integer'],
  ['xEvent.exists(true)', 'boolean'],
  ['max e.timestamp over e from xEvent', 'timestamp'],
  ['max e from xEvent.timestamp', 'timestamp'],
  ['count e from xEvent', 'integer'],
  ['average e.price over e from xEvent', 'double'],
  ['select e from xEvent', 'list of object'],
  ['exists e from xEvent', 'boolean'],
  ['1 + 2', 'integer'],
  ['1 + 2.5', 'double'],
  ['1 / 2', 'double'],
  ['-person.birthYear', 'integer'],
  ['loyalty.joinDate + 1', 'timestamp'],
  ['now - loyalty.joinDate', 'integer'],
  ['homeAddress.city.lower()', 'string'],
  ['homeAddress.city.length()', 'integer'],
  ['homeAddress.city.split("a")', 'list of string'],
  ['xEvent.eventType.lower()', 'list of string'],
  ['xEvent.eventType.startsWith("a")', 'boolean'],
  ['unknown.lower()', 'any'],
  ['unknown.startsWith("a")', 'boolean'],
  ['loyalty.joinDate.getYear()', 'integer'],
  ['date(2024, 1, 1)', 'interval'],
  ['if(true, 1, 2)', 'integer'],
  ['if(true, 1, 2.5)', 'double'],
  ['if(true, "a", 2)', 'any'],
  ['if(true, "a", null)', 'string'],
  ['[1, 2]', 'list of integer'],
  ['[1, "a"]', 'list of any'],
  ['[]', 'list of any'],
  ['{a: 1}.a', 'integer'],
  ['let x = 1 in x', 'integer'],
  ['colours.distinct()', 'any'],
  ['loyalty.loyaltyID.intersection(["a"])', 'list of string'],
  ['loyalty.points.round()', 'integer'],
  ['loyalty.points.abs()', 'double'],
  ['geo.distanceTo(0, 0)', 'any'],
  ['chain(xEvent, timestamp, [A: WHAT(true)])', 'boolean'],
  ['t occurs before now', 'boolean'],
  ['inSegment("a")', 'boolean'],
  ['$1', 'object'],
  ['null', 'null'],
])('%s is of type %s', (source, type) => {
  const parsed = parse(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'value' });
  expect(diagnostics).toEqual([]);
  expect(nameOf(expression.type)).toBe(type);
});
