import { expect, test } from 'vitest';
import { check, dependencies, parse } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { labelledFields } from '#shared/schema/usage-labels.ts';

const extensions: SchemaExtensions = {
  profile: {
    properties: {
      shoeSize: { type: 'number', 'meta:labels': ['C2'] },
      loyalty: { 'meta:labels': ['notForDataScience'] },
      person: { properties: { gender: { 'meta:labels': ['C2', 'consent:personalize'] } } },
    },
  },
  event: { properties: { web: { 'meta:labels': ['C2'] } } },
};

function labelled(source: string, labels: readonly string[]) {
  const parsed = parse(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { expression } = check(parsed.value, composedSchema(extensions), { mode: 'segment' });
  return labelledFields(dependencies(expression), labels, extensions).map(({ schema, path, labels: found }) => [
    schema,
    path,
    ...found,
  ]);
}

test.each<[string, readonly string[], readonly (readonly string[])[]]>([
  ['shoeSize > 40 and homeAddress.city = "Seoul"', ['C2'], [['profile', 'shoeSize', 'C2']]],
  ['shoeSize > 40', ['C3'], []],
  ['loyalty.tier = "gold"', ['notForDataScience'], [['profile', 'loyalty.tier', 'notForDataScience']]],
  ['loyalty.undeclared = 1', ['notForDataScience'], [['profile', 'loyalty.undeclared', 'notForDataScience']]],
  ['person.gender = "x"', ['C2', 'consent:personalize'], [['profile', 'person.gender', 'C2', 'consent:personalize']]],
  ['person.isNotNull()', ['C2'], [['profile', 'person.gender', 'C2']]],
  ['xEvent[web.webPageDetails.name = "Home"].count() > 0', ['C2'], [['event', 'web.webPageDetails.name', 'C2']]],
  ['identityMap.Email.id.isNotNull()', ['I1'], [['profile', 'identityMap.*.id', 'I1']]],
  ['personalEmail.address.endsWith(".kr")', ['I1'], [['profile', 'personalEmail.address', 'I1']]],
])('%s reads of the labels %j: %j', (source, labels, expected) => {
  expect(labelled(source, labels)).toEqual(expected);
});
