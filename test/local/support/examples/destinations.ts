/** Who is told outside. Nobody listens at the webhook's address, which is an answer too. */
import { type Example, example, id, ifMatch, keep, known, refused } from './example.ts';

const files = { name: 'Example: files', target: { kind: 'files' }, segments: 'all' };
const webhook = { ...files, name: 'Example: webhook', target: { kind: 'webhook', url: 'http://127.0.0.1:9/changes' } };

export const DESTINATION_EXAMPLES: readonly Example[] = [
  example('createDestination', () => ({ body: { ...files, segments: [known.adults] } }), keep('destination')),
  refused(422, 'createDestination', () => ({ body: files })),
  example('createDestination', () => ({ body: webhook }), keep('webhook')),
  example('listDestinations'),
  example('getDestination', () => id('destination')),
  example('patchDestination', () => ({ ...id('destination'), body: { state: 'paused' } })),
  refused(412, 'patchDestination', () => ({ ...id('destination'), ...ifMatch('99'), body: { state: 'active' } })),
  refused(422, 'patchDestination', () => ({ ...id('destination'), body: { name: 'Example: webhook' } })),
  example('rotateDestinationSecret', () => id('webhook')),
  refused(409, 'rotateDestinationSecret', () => id('destination')),
  example('testDestination', () => id('webhook')),
  example('getDestinationDeliveries', () => id('webhook')),
  example('redriveDestination', () => ({ ...id('webhook'), body: {} })),
  refused(404, 'redriveDestination', () => ({ ...id('webhook'), body: { batchIds: ['nothing'] } })),
  refused(412, 'deleteDestination', () => ({ ...id('webhook'), ...ifMatch('99') })),
  example('deleteDestination', () => id('webhook')),
];
