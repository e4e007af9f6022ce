import { describe, expect, test } from 'vitest';
import { check, parse } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions, withSeen } from '#shared/schema/composition.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { computedTable, schemaWith } from '#shared/segment/computed-table.ts';

const extensions: SchemaExtensions = { profile: { properties: { shoeSize: { type: 'number' } } } };
const schema = withSeen(composedSchema(extensions), {
  profile: ['', 'crm.tier', 'homeAddress.quarter', 'identityMap.*.id'],
  event: ['store', 'productListItems.colour', 'commerce.order.priceTotal'],
});

const warnings = (source: string, by = schema) => {
  const parsed = parse(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return check(parsed.value, by, { mode: 'segment' }).diagnostics.map(({ code, start, end, hint }) => [
    code,
    source.slice(start, end),
    hint,
  ]);
};

describe('a name that is neither declared nor seen', () => {
  test.each([
    ['homeAddress.cty = "Seoul"', 'homeAddress.cty', 'did you mean "city"?'],
    ['shoesize > 40', 'shoesize', 'did you mean "shoeSize"?'],
    ['homeAddress.quater = "x"', 'homeAddress.quater', 'did you mean "quarter"?'],
    ['xEvent[stroe = "x"].count() > 0', 'stroe', 'did you mean "store"?'],
    ['xEvent[productListItems.color = "red"].count() > 0', 'productListItems.color', 'did you mean "colour"?'],
    ['xEvent[productListItems[colur = "red"].count() > 0].count() > 0', 'colur', 'did you mean "colour"?'],
    ['zeppelin = 1', 'zeppelin', undefined],
    ['z = 1', 'z', undefined],
  ])('is warned of: %s', (source, place, hint) => {
    expect(warnings(source)).toEqual([['PQL4004', place, hint]]);
  });

  test.each([
    ['crm.tier = "gold"'],
    ['crm.anything = "gold"'],
    ['homeAddress.quarter = "x" and homeAddress.city = "y"'],
    ['xEvent[store = "x" and productListItems.colour = "red"].count() > 0'],
    ['identityMap.CRM.id = "x"'],
    ['propensity.buyers.score > 80'],
    ['computed.spend > 80'],
    ['(select O from [1, 2]).count() > 0'],
  ])('is not: %s', (source) => {
    expect(warnings(source)).toEqual([]);
  });

  test('is told beside computed attributes as well', () => {
    const beside = schemaWith(schema, computedTable([{ name: 'spent', expression: 'xEvent.count()' }]));
    expect(warnings('shoesize > 40 and computed.spent > 1', beside)).toEqual([
      ['PQL4004', 'shoesize', 'did you mean "shoeSize"?'],
    ]);
  });

  test('is not told where nobody knows what records carry', () => {
    expect(warnings('zeppelin = 1 and homeAddress.cty = "x"', defaultSchema)).toEqual([]);
  });

  test('is not told of the one schema whose records nobody has seen', () => {
    const events = withSeen(defaultSchema, { event: ['store'] });
    expect(warnings('zeppelin = 1', events)).toEqual([]);
    expect(warnings('xEvent[stroe = 1].count() > 0', events)).toMatchObject([['PQL4004', 'stroe', expect.any(String)]]);
  });

  test('does not change what the expression means', () => {
    const parsed = parse('xEvent[stroe = "5" and productListItems[colour = 5].count() > 0].count() > 0');
    if (!parsed.ok) throw new Error('parse');
    const by = (each: typeof schema) => check(parsed.value, each, { mode: 'segment' }).expression;
    expect(by(schema)).toEqual(by(composedSchema(extensions)));
  });
});
