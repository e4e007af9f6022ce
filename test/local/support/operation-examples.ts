/**
 * Requests that succeed, in an order in which they do: each may use what earlier ones were answered. What they make is
 * what the tests of tenancy then look for from another sandbox.
 */
import type { ApiCall } from './api-caller.ts';

export interface Example {
  /** Its id in the catalogue. */
  readonly operation: string;
  readonly call: () => ApiCall;
  readonly keep?: (answer: unknown) => void;
}

const known: Record<string, string> = {};
const keep =
  (name: string, field = 'id') =>
  (answer: unknown) => {
    known[name] = String((answer as Record<string, unknown>)[field]);
  };
const id = (name: string) => ({ parameters: { id: known[name] ?? '' } });
const text = (value: string) => ({ type: 'PQL', format: 'pql/text', value });
const adults = { name: 'Example: adults', expression: text('person.age >= 18'), folder: 'Examples', tags: ['example'] };

const example = (operation: string, call: () => ApiCall = () => ({}), kept?: Example['keep']): Example => ({
  operation,
  call,
  ...(kept === undefined ? {} : { keep: kept }),
});

export const EXAMPLES: readonly Example[] = [
  example('createSegmentDefinition', () => ({ body: adults }), keep('adults')),
  example('createSegmentDefinition', () => ({
    body: { name: 'Example: others', expression: text('not inSegment("Example: adults")') },
    headers: { 'idempotency-key': 'example' },
  })),
  example('getSegmentDefinition', () => id('adults')),
  example('listSegmentDefinitions', () => ({ query: { search: 'example', folder: 'Examples' } })),
  example('patchSegmentDefinition', () => ({
    ...id('adults'),
    body: { expression: text('person.age >= 21'), note: 'New law' },
    headers: { 'if-match': '"1"' },
  })),
  example('bulkGetSegmentDefinitions', () => ({ body: { ids: [{ id: known.adults }] } })),
  example('convertSegmentExpression', () => ({ body: { expression: adults.expression } })),
  example('validateSegmentDefinition', () => ({ body: { expression: text('inSegment("Example: adults")') } })),
  example('listSegmentVersions', () => id('adults')),
  example('getSegmentVersion', () => ({ parameters: { id: known.adults ?? '', version: '1' } })),
  example('compareSegmentVersions', () => ({ parameters: { id: known.adults ?? '', version: '2' } })),
  example('rollBackSegmentDefinition', () => ({ ...id('adults'), body: { version: 1 } })),
  example('listSegmentMembers', () => id('adults')),
  example('saveSegmentDraft', () => ({ ...id('adults'), body: { expression: text('person.age >= ') } })),
  example('getSegmentDraft', () => id('adults')),
  example('saveSegmentDraft', () => ({ ...id('adults'), body: { description: 'of age' } })),
  example('publishSegmentDraft', () => ({ ...id('adults'), body: { note: 'Said what it is' } })),
  example('saveSegmentDraft', () => ({ ...id('adults'), body: {} })),
  example('deleteSegmentDraft', () => id('adults')),
  example(
    'createAudience',
    () => ({ body: { ...adults, name: 'Example: audience', type: 'SegmentDefinition' } }),
    keep('audience'),
  ),
  example('getAudience', () => id('audience')),
  example('listAudiences', () => ({ query: { property: 'type==SegmentDefinition', name: 'audience' } })),
  example('patchAudience', () => ({
    ...id('audience'),
    body: [{ op: 'add', path: '/tags/-', value: 'patched' }],
    headers: { 'content-type': 'application/json-patch+json' },
  })),
  example('replaceAudience', () => ({
    ...id('audience'),
    body: { name: 'Example: replaced', expression: adults.expression },
  })),
  example('bulkGetAudiences', () => ({ body: { ids: [{ id: known.audience }] } })),
  example('searchNamespaces', () => ({ query: { s: 'example' } })),
  example('searchEntities', () => ({ query: { s: 'example' } })),
  example('getTaxonomy'),
  example('deleteAudience', () => id('audience')),
  example('createWriteKey', () => ({ body: { name: 'example' } }), keep('writeKey')),
  example('listWriteKeys'),
  example('getPermissions'),
  example('listAuditEvents', () => ({ query: { limit: '5' } })),
  example('listChanges'),
  example('collectEvents', () => ({
    body: [{ _id: 'e1', timestamp: 1000, eventType: 'a', identityMap: { Email: [{ id: 'x@example.com' }] } }],
  })),
  example('listParkedProfiles'),
  example('startResync', () => ({ body: {} })),
  example(
    'createSystemJob',
    () => ({ body: { action: 'delete_identity', identities: [{ namespace: 'Email', id: 'nobody@example.com' }] } }),
    keep('erasure'),
  ),
  example('getSystemJob', () => id('erasure')),
  example('listSystemJobs'),
];
