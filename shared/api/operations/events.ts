import { collectedEvents, sentEvents } from '../events.ts';
import { defineOperation, SENDERS } from '../operation.ts';

export const collectEvents = defineOperation({
  id: 'collectEvents',
  method: 'POST',
  path: '/events',
  tag: 'Events',
  summary: 'Takes up to 500 events or profile records, each answered for itself',
  roles: SENDERS,
  effect: 'data',
  body: sentEvents,
  responses: { 202: collectedEvents, 207: collectedEvents },
  problems: [],
});

export const eventOperations = [collectEvents] as const;
