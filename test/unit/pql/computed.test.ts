import { describe, expect, test } from 'vitest';
import { computedNamesIn, inlineComputed, outgrown, unknownComputed } from '#shared/pql/computed.ts';
import { check, compile, interpret, parse } from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { type ComputedTable, checkComputed, schemaWith } from '#shared/segment/computed-table.ts';

const tableOf = (attributes: Readonly<Record<string, string>>): ComputedTable => {
  const all = Object.entries(attributes).map(([name, expression]) => ({ name, expression }));
  const { table, mistakes, loop } = checkComputed(all);
  expect({ mistakes, loop }).toEqual({ mistakes: [], loop: undefined });
  return table;
};

function checkedWith(table: ComputedTable, text: string) {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(text);
  return check(parsed.value, schemaWith(defaultSchema, table), { mode: 'value' });
}

const inlined = (table: ComputedTable, text: string) =>
  inlineComputed(checkedWith(table, text).expression, table.expressions);

const events = [1, 2, 3].map((n) => ({ _id: `e${n}`, timestamp: n * 1000, eventType: 'buy', price: n }));
const input = { profile: { tier: 'gold' }, events, now: 10_000 };

describe.each([
  ['a value', { spent: 'xEvent.sum(price)' }, 'computed.spent + 1', 7],
  ['a value of a value', { spent: 'xEvent.sum(price)', twice: 'computed.spent * 2' }, 'computed.twice', 12],
  ['one written after its reader', { twice: 'computed.spent * 2', spent: 'xEvent.sum(price)' }, 'computed.twice', 12],
  ['one within a filter', { mean: 'xEvent.average(price)' }, 'xEvent[price > computed.mean].count()', 1],
  [
    'one within a filter within a lambda',
    { top: 'xEvent.max(price)' },
    'xEvent.filter((E) => E.price = computed.top).count()',
    1,
  ],
  ['variables on both sides', { ten: 'let v = 2 in v * 5' }, 'let w = 3 in computed.ten + w', 13],
  [
    'the same one twice',
    { some: 'let v = xEvent.count() in v + v' },
    'let v = 1 in computed.some * computed.some + v',
    37,
  ],
  [
    'a chain',
    { came: 'chain(xEvent, timestamp, [A: WHAT(price = 1), B: WHAT(price = 3) WHEN(after A)])' },
    'computed.came',
    true,
  ],
  ['a list', { prices: 'xEvent.price' }, 'computed.prices.count()', 3],
  ['a name spelled from the profile', { tierIs: 'tier' }, '$1.computed.tierIs = "gold"', true],
])('%s', (_, attributes, text, value) => {
  test('stands for its expression, in the compiler and in the oracle', () => {
    const tree = inlined(tableOf(attributes), text);
    expect(compile(tree, { mode: 'value' })(input)).toEqual(value);
    expect(interpret(tree, input, { mode: 'value' })).toEqual(value);
    expect(unknownComputed(tree)).toEqual([]);
  });
});

test('what stands for it has its place in the text', () => {
  const text = 'computed.spent > 1';
  const tree = inlined(tableOf({ spent: 'xEvent[price > 0].sum(price)' }), text);
  expect(
    JSON.stringify(tree)
      .match(/"end":(\d+)/g)
      ?.every((end) => Number(end.slice(6)) <= text.length),
  ).toBe(true);
});

test('it has the type of its expression: a comparison that can not be is an error with its position', () => {
  const { diagnostics } = checkedWith(tableOf({ spent: 'xEvent.sum(price)' }), 'computed.spent = "much"');
  expect(diagnostics).toMatchObject([{ code: 'PQL3004', severity: 'error', start: 17 }]);
});

test('names that nobody computes are told, and so is a read of all of them', () => {
  const table = tableOf({ spent: 'xEvent.sum(price)' });
  const named = (text: string) => unknownComputed(inlined(table, text)).map(({ name }) => name);
  expect(named('computed.other > 1 and computed.spent > 1')).toEqual(['other']);
  expect(named('computed.isNull()')).toEqual([undefined]);
  expect(named('other.computed.x = 1')).toEqual([]);
});

test('names are found before anything is checked', () => {
  const parsed = parse('computed.a > 1 or xEvent[price > ^computed.b].exists(computed.c)');
  expect(parsed.ok && [...computedNamesIn(parsed.value)].sort()).toEqual(['a', 'b', 'c']);
});

test('attributes that read each other in a circle are told with the path', () => {
  const attributes = [
    { name: 'a', expression: 'computed.b + 1' },
    { name: 'b', expression: 'computed.c + 1' },
    { name: 'c', expression: 'computed.a + 1' },
  ];
  expect(checkComputed(attributes).loop).toEqual(['a', 'b', 'c', 'a']);
});

test('expressions that grow by reading each other are held to the bounds of one text', () => {
  const attributes = Array.from({ length: 16 }, (_, n) => ({
    name: `c${n}`,
    expression: n === 0 ? 'xEvent.count()' : `computed.c${n - 1} + computed.c${n - 1}`,
  }));
  const { mistakes } = checkComputed(attributes);
  expect(mistakes[0]).toMatchObject({ name: 'c12', diagnostics: [{ code: 'PQL2102' }] });
  expect(outgrown(checkComputed(attributes.slice(0, 12)).table.expressions.get('c11') as never)).toBeUndefined();
});
