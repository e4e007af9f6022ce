/** What a sandbox is set up with: merge policies, computed attributes, schemas, keys, who may do what. */
import { type Example, example, id, ifMatch, keep, refused, text } from './example.ts';

const latest = { attributeMerge: { type: 'timestampOrdered' } };
const shop = { name: 'Example: shop first', attributeMerge: { type: 'dataSetPrecedence', order: ['shop'] } };
const views = { name: 'exampleViews', expression: text('xEvent[eventType = "view"].count()') };
const builtIn = { parameters: { id: 'timestamp-ordered' } };

const MERGE_POLICIES: readonly Example[] = [
  example('createMergePolicy', () => ({ body: shop }), keep('policy')),
  example('createMergePolicy', () => ({ body: { name: 'Example: latest', ...latest } }), keep('spare')),
  refused(422, 'createMergePolicy', () => ({ body: shop })),
  example('listMergePolicies'),
  example('getMergePolicy', () => id('policy')),
  example('patchMergePolicy', () => ({ ...id('policy'), body: { description: 'what the shop says' } })),
  refused(412, 'patchMergePolicy', () => ({ ...id('policy'), ...ifMatch('99'), body: { description: 'x' } })),
  refused(409, 'patchMergePolicy', () => ({ ...builtIn, body: { name: 'Mine' } })),
  refused(422, 'patchMergePolicy', () => ({ ...id('policy'), body: { name: 'Example: latest' } })),
  refused(409, 'deleteMergePolicy', () => builtIn),
  refused(412, 'deleteMergePolicy', () => ({ ...id('spare'), ...ifMatch('99') })),
  example('deleteMergePolicy', () => id('spare')),
];

const COMPUTED_ATTRIBUTES: readonly Example[] = [
  example('createComputedAttribute', () => ({ body: views }), keep('computed')),
  example('createComputedAttribute', () => ({ body: { ...views, name: 'exampleSpare' } }), keep('spareAttribute')),
  refused(422, 'createComputedAttribute', () => ({ body: views })),
  example('listComputedAttributes'),
  example('getComputedAttribute', () => id('computed')),
  example('patchComputedAttribute', () => ({ ...id('computed'), body: { displayName: 'Views' } })),
  refused(412, 'patchComputedAttribute', () => ({ ...id('computed'), ...ifMatch('99'), body: { displayName: 'x' } })),
  refused(422, 'patchComputedAttribute', () => ({ ...id('spareAttribute'), body: { name: 'exampleViews' } })),
  example('createSegmentDefinition', () => ({
    body: { name: 'Example: viewed often', expression: text('computed.exampleViews > 3') },
  })),
  refused(409, 'patchComputedAttribute', () => ({ ...id('computed'), body: { name: 'exampleOther' } })),
  refused(409, 'deleteComputedAttribute', () => id('computed')),
  refused(412, 'deleteComputedAttribute', () => ({ ...id('spareAttribute'), ...ifMatch('99') })),
  example('deleteComputedAttribute', () => id('spareAttribute')),
];

const profileSchema = { parameters: { name: 'profile' } };

const SCHEMAS: readonly Example[] = [
  example('listSchemas'),
  example('listFields'),
  example('listEventTypes'),
  example('getSchema', () => profileSchema),
  example('putSchema', () => ({
    ...profileSchema,
    body: { properties: { exampleSecret: { type: 'string', 'meta:labels': ['notForDataScience'] } } },
  })),
  example('patchSchema', () => ({
    ...profileSchema,
    body: { properties: { exampleShoe: { type: 'number' } } },
  })),
  refused(412, 'putSchema', () => ({ ...profileSchema, ...ifMatch('99'), body: {} })),
  refused(412, 'patchSchema', () => ({
    ...profileSchema,
    ...ifMatch('99'),
    body: { properties: { exampleShoe: null } },
  })),
];

const KEYS_AND_RECORDS: readonly Example[] = [
  example('createWriteKey', () => ({ body: { name: 'example' } }), keep('writeKey')),
  example('listWriteKeys'),
  example('revokeWriteKey', () => id('writeKey')),
  example('getPermissions'),
  example('listAuditEvents', () => ({ query: { limit: '5' } })),
  example('getIdentityGraph'),
  example('putIdentityGraph', () => ({ body: { type: 'pdg' } })),
];

export const SETTINGS_EXAMPLES: readonly Example[] = [
  ...MERGE_POLICIES,
  ...COMPUTED_ATTRIBUTES,
  ...SCHEMAS,
  ...KEYS_AND_RECORDS,
];
