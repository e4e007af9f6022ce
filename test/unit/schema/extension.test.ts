import { describe, expect, test } from 'vitest';
import { composeFields } from '#shared/schema/composition.ts';
import { readExtension } from '#shared/schema/extension.ts';
import { type FieldSchema, SCHEMA_NAMES } from '#shared/schema/field-schema.ts';
import { ENUM_VALUES_MAX, EXTENSION_FIELDS_MAX, FIELD_DEPTH_MAX, LABELS_PER_FIELD_MAX } from '#shared/schema/limits.ts';

const mistakesIn = (sent: unknown, name: 'profile' | 'event' = 'profile') => {
  const read = readExtension(name, sent);
  return read.ok ? [] : read.error;
};
const pointersIn = (properties: unknown) => mistakesIn({ properties }).map(({ pointer }) => pointer);

describe('an extension', () => {
  test('is kept as it was sent, without the dialect', () => {
    const shoeSize = { type: 'number', title: 'Shoe size', minimum: 30, maximum: 50, 'meta:labels': ['C2'] };
    const $schema = 'https://json-schema.org/draft/2020-12/schema';

    expect(readExtension('profile', { $schema, properties: { shoeSize } })).toEqual({
      ok: true,
      value: { properties: { shoeSize } },
    });
  });

  test.each([
    [{ a: { type: 'string', pattern: '^x' } }, '/properties/a/pattern'],
    [{ a: { type: 'text' } }, '/properties/a/type'],
    [{ a: { type: ['string', 'null'] } }, '/properties/a/type'],
    [{ a: { type: 'string', format: 'time' } }, '/properties/a/format'],
    [{ a: { type: 'integer', format: 'date' } }, '/properties/a/format'],
    [{ a: { type: 'string', enum: [1] } }, '/properties/a/enum'],
    [{ a: { type: 'string', enum: ['x', 'x'] } }, '/properties/a/enum'],
    [{ a: { type: 'string', enum: [] } }, '/properties/a/enum'],
    [{ a: { 'meta:enum': { x: 'X' } } }, '/properties/a/meta:enum'],
    [{ a: { 'meta:labels': ['two words'] } }, '/properties/a/meta:labels'],
    [{ a: { type: 'string', items: {} } }, '/properties/a/items'],
    [{ a: { type: 'object', properties: {}, additionalProperties: {} } }, '/properties/a/additionalProperties'],
    [{ a: { type: 'object', additionalProperties: true } }, '/properties/a/additionalProperties'],
    [{ a: { type: 'object', properties: { b: { type: 'x' } } } }, '/properties/a/properties/b/type'],
    [{ a: { type: 'array', items: { type: 'x' } } }, '/properties/a/items/type'],
    [{ 'a.b': { type: 'string' } }, '/properties/a.b'],
    [{ 'a/b': { type: 'string' } }, '/properties/a~1b'],
    [{ '*': { type: 'string' } }, '/properties/*'],
    [{ a: 'string' }, '/properties/a'],
    [JSON.parse('{"__proto__": {"type": "string"}}'), '/properties/__proto__'],
    [{ xEvent: { type: 'array' } }, '/properties/xEvent'],
  ])('with %j is refused at %s', (properties, pointer) => {
    expect(pointersIn(properties)).toContain(pointer);
  });

  test('names every mistake at once', () => {
    expect(pointersIn({ a: { type: 'x' }, b: { type: 'y' } })).toEqual(['/properties/a/type', '/properties/b/type']);
  });

  test.each([[null], [[]], ['text'], [undefined]])('that is %j is no extension', (sent) => {
    expect(mistakesIn(sent)).toEqual([{ pointer: '', message: 'is no JSON object' }]);
  });

  test('of any JSON never throws', () => {
    for (const name of SCHEMA_NAMES) {
      for (const value of [{ properties: { a: null } }, { properties: [] }, { type: 7 }, { enum: [] }, { items: 0 }]) {
        expect(mistakesIn(value, name).length).toBeGreaterThan(0);
      }
    }
  });

  test('stays within its limits, each named', () => {
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, { type: 'string' }]));
    const nested = (levels: number): unknown =>
      levels === 1 ? { type: 'string' } : { type: 'object', properties: { a: nested(levels - 1) } };
    const labels = (count: number) => ({ a: { 'meta:labels': Array.from({ length: count }, () => 'C2') } });
    const values = (count: number) => ({
      a: { type: 'string', enum: Array.from({ length: count }, (_, n) => `${n}`) },
    });

    expect(pointersIn(fields(EXTENSION_FIELDS_MAX))).toEqual([]);
    expect(mistakesIn({ properties: fields(EXTENSION_FIELDS_MAX + 1) })[0]?.message).toMatch(/at most 1000 fields/);
    expect(pointersIn({ a: nested(FIELD_DEPTH_MAX) })).toEqual([]);
    expect(mistakesIn({ properties: { a: nested(FIELD_DEPTH_MAX + 1) } })[0]?.message).toMatch(/deeper than 12/);
    expect(pointersIn(labels(LABELS_PER_FIELD_MAX))).toEqual([]);
    expect(pointersIn(labels(LABELS_PER_FIELD_MAX + 1))).toEqual(['/properties/a/meta:labels']);
    expect(pointersIn(values(ENUM_VALUES_MAX))).toEqual([]);
    expect(pointersIn(values(ENUM_VALUES_MAX + 1))).toEqual(['/properties/a/enum']);
  });
});

describe('beside the default fields', () => {
  const compose = (properties: Readonly<Record<string, FieldSchema>>, name: 'profile' | 'event' = 'profile') =>
    composeFields(name, { properties });

  test('new fields stand at any depth, the known ones stay', () => {
    const composed = compose({ person: { properties: { shoeSize: { type: 'number' } } }, vip: { type: 'boolean' } });

    const fields = composed.ok ? composed.value : {};
    expect(fields.properties?.vip).toEqual({ type: 'boolean' });
    expect(fields.properties?.person?.properties?.shoeSize).toEqual({ type: 'number' });
    expect(fields.properties?.person?.properties?.gender?.type).toBe('string');
  });

  test('a known field can be called otherwise, and labels only come to those that it has', () => {
    const address = { title: 'Mail address', 'meta:labels': ['notForDataScience'] };
    const composed = compose({ personalEmail: { properties: { address } } });

    expect(composed.ok && composed.value.properties?.personalEmail?.properties?.address).toMatchObject({
      title: 'Mail address',
      type: 'string',
      'meta:labels': ['I1', 'notForDataScience'],
    });
  });

  test.each<[Readonly<Record<string, FieldSchema>>, string]>([
    [{ person: { type: 'string' } }, '/properties/person/type'],
    [
      { person: { properties: { birthDate: { type: 'string', format: 'date-time' } } } },
      '/properties/person/properties/birthDate/format',
    ],
    [
      { person: { properties: { gender: { type: 'string', format: 'date' } } } },
      '/properties/person/properties/gender/format',
    ],
    [{ loyalty: { properties: { points: { type: 'integer' } } } }, '/properties/loyalty/properties/points/type'],
    [{ identityMap: { type: 'object', properties: {} } }, '/properties/identityMap/type'],
    [
      { loyalty: { properties: { loyaltyID: { items: { type: 'integer' } } } } },
      '/properties/loyalty/properties/loyaltyID/items/type',
    ],
  ])('%j contradicts them at %s', (properties, pointer) => {
    const composed = compose(properties);
    expect(composed.ok ? [] : composed.error.map((mistake) => mistake.pointer)).toEqual([pointer]);
  });

  test('a default field of any type may get one', () => {
    const composed = compose({ loyalty: { properties: { pointsExpiration: { type: 'array', items: {} } } } });
    expect(composed.ok).toBe(true);
  });
});
