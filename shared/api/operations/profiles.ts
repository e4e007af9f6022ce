import { accessEntities, profileView } from '../entities.ts';
import { explainMembership, membershipExplanation } from '../explanations.ts';
import { defineOperation, READERS } from '../operation.ts';

export const getEntity = defineOperation({
  id: 'getEntity',
  method: 'GET',
  path: '/access/entities',
  tag: 'Profiles',
  summary: 'Reads a profile by one of its identities, evaluated at the instant of the read',
  roles: READERS,
  query: accessEntities,
  responses: { 200: profileView },
  problems: ['not-found', 'unavailable'],
});

export const explainSegmentMembership = defineOperation({
  id: 'explainSegmentMembership',
  method: 'GET',
  path: '/segment/definitions/{id}/explain',
  tag: 'Segment definitions',
  summary: 'Says why a person is in a segment or not, now or as of an earlier instant',
  roles: READERS,
  query: explainMembership,
  responses: { 200: membershipExplanation },
  problems: ['not-found', 'unavailable'],
});

export const profileOperations = [getEntity, explainSegmentMembership] as const;
