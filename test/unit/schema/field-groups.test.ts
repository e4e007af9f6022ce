import { describe, expect, test } from 'vitest';
import { composedFields } from '#shared/schema/composition.ts';
import { readExtension } from '#shared/schema/extension.ts';
import { defaultFields, FIELD_GROUPS } from '#shared/schema/field-groups/index.ts';
import { declaredAt, declaredFields } from '#shared/schema/field-path.ts';
import { SCHEMA_NAMES, titleOf } from '#shared/schema/field-schema.ts';
import { toJsonSchema } from '#shared/schema/json-schema.ts';

describe.each(SCHEMA_NAMES)('the default fields of a %s', (name) => {
  test('are written in what an extension may use', () => {
    const { properties } = defaultFields(name);
    expect(readExtension(name, { properties })).toMatchObject({ ok: true });
  });

  test('stand in one group each', () => {
    const names = FIELD_GROUPS[name].flatMap(({ properties }) => Object.keys(properties));
    expect(new Set(names).size).toBe(names.length);
  });

  test('are all called something, and found again by their path', () => {
    const root = defaultFields(name);
    for (const { path, titles, labels, field } of declaredFields(root)) {
      expect(
        titles.every((title) => title !== ''),
        path,
      ).toBe(true);
      const found = declaredAt(root, path);
      expect(found.labels.toSorted(), path).toEqual(labels.toSorted());
      expect(found.field?.type, path).toBe(field.type);
    }
  });
});

test.each([
  ['profile', 'homeAddress.city', ['Home address', 'City'], [], false],
  ['profile', 'personalEmail.address', ['Personal e-mail', 'Address'], ['I1'], false],
  ['profile', 'identityMap.*.id', ['Identities', 'Identities of a namespace', 'Identity value'], ['I1'], true],
  ['event', 'productListItems.SKU', ['Products', 'SKU'], [], true],
  [
    'event',
    'placeContext.geo._schema.latitude',
    ['Place', 'Geographic position', 'Coordinates', 'Latitude'],
    ['S1'],
    false,
  ],
] as const)('%s field %s is called %j', (name, path, titles, labels, isList) => {
  const found = [...declaredFields(defaultFields(name))].find((field) => field.path === path);
  expect(found).toMatchObject({ titles, labels, isList });
});

test('labels of an object are those of every field below it', () => {
  const fields = composedFields('event', {
    event: { properties: { web: { 'meta:labels': ['C2'] }, productListItems: { 'meta:labels': ['C4'] } } },
  });
  expect(declaredAt(fields, 'web.webPageDetails.name').labels).toEqual(['C2']);
  expect(declaredAt(fields, 'productListItems.SKU').labels).toEqual(['C4']);
  expect(declaredAt(fields, 'web.nothing.below')).toEqual({ labels: ['C2'] });
  expect(declaredAt(fields, 'constructor.name')).toEqual({ labels: [] });
});

test.each([
  ['siteSection', 'Site section'],
  ['SKU', 'SKU'],
  ['purchaseID', 'Purchase ID'],
  ['webPageURLParts', 'Web page URL parts'],
  ['_id', 'Id'],
  ['shoe_size', 'Shoe size'],
  ['_', '_'],
])('a field without a title reads like its name: %s is %s', (name, title) => {
  expect(titleOf(name)).toBe(title);
});

test('the composed schema is a JSON Schema document', () => {
  const fields = composedFields('event', { event: { properties: { store: { type: 'string' } } } });
  expect(toJsonSchema('event', 'prod', fields)).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:shoal:prod:schema:event',
    type: 'object',
    properties: { store: { type: 'string' }, timestamp: { type: 'string', format: 'date-time' } },
  });
});
