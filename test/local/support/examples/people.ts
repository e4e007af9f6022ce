/** Events, people, and what is found out about them. */
import { type Example, example, id, keep, known, refused, text, waiting } from './example.ts';

const EMAIL = 'mira@example.com';
const mira = { entityId: EMAIL, entityIdNS: 'Email' };
const event = (name: string) => ({
  _id: name,
  timestamp: Date.parse('2026-11-01T00:00:00Z'),
  eventType: 'commerce.productViews',
  identityMap: { Email: [{ id: EMAIL, primary: true }], CRMID: [{ id: 'c-1' }] },
});

const profileId = () => ({ parameters: { profileId: known.mira ?? '' } });

export const PEOPLE_EXAMPLES: readonly Example[] = [
  example('collectEvents', () => ({ body: [event('e1'), event('e2')] })),
  example('collectEvents', () => ({ body: [event('e3'), { _id: 'nobody' }] })),
  waiting(example('getEntity', () => ({ query: mira }), keep('mira', 'entityId'))),
  refused(404, 'getEntity', () => ({ query: { ...mira, entityId: 'nobody@example.com' } })),
  example('getEntities', () => ({
    body: { identities: [mira, { entityId: 'nobody@example.com', entityIdNS: { code: 'Email' } }], limit: 1 },
  })),
  refused(404, 'getEntities', () => ({ body: { identities: [mira], mergePolicyId: 'none-of-this-id' } })),
  example('explainSegmentMembership', () => ({ ...id('adults'), query: mira })),
  example('explainSupposedMembership', () => ({
    ...id('adults'),
    body: { ...mira, attributes: { person: { age: 30 } } },
  })),
  example('evaluatePerson', () => ({ body: { ...mira, events: [{ eventType: 'commerce.purchases' }] } })),
  example('listChanges'),
  example('listSegmentMembers', () => id('adults')),
  example(
    'createPreview',
    () => ({ body: { predicateExpression: 'person.age >= 18', predicateType: 'pql/text' } }),
    keep('preview', 'previewId'),
  ),
  refused(404, 'createPreview', () => ({
    body: { predicateExpression: 'true', compareWith: { segmentId: '99999999-9999-4999-8999-999999999999' } },
  })),
  example('getPreview', () => id('preview')),
  example('getEstimate', () => id('preview')),
  example('deletePreview', () => id('preview')),
  example('describeProfile', profileId),
  example('unmergeProfile', () => ({ ...profileId(), body: { identities: [{ namespace: 'CRMID', id: 'c-1' }] } })),
  refused(409, 'unmergeProfile', () => ({ ...profileId(), body: { identities: [{ namespace: 'Email', id: EMAIL }] } })),
  example('listParkedProfiles'),
  example('startResync', () => ({ body: { limit: 5 } })),
  example('listQuarantine'),
  example('redriveQuarantine', () => ({ body: { ids: ['nothing'] } })),
  example('listFailedBatches'),
  example('redriveFailedBatches', () => ({ body: { ids: ['nothing'] } })),
  example('listRefusedLinks'),
  example(
    'createSystemJob',
    () => ({ body: { action: 'delete_identity', identities: [{ namespace: 'Email', id: 'nobody@example.com' }] } }),
    keep('erasure'),
  ),
  example('deleteEntity', () => ({ query: { entityId: 'nobody@example.com', entityIdNS: 'Email' } })),
  example('getSystemJob', () => id('erasure')),
  example('listSystemJobs'),
  example('convertSegmentExpression', () => ({ body: { expression: text('person.age > 1') } })),
];
