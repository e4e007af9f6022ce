import { accessEntities, accessManyEntities, profileView, profileViews } from '../entities.ts';
import { evaluatePerson as evaluateBody, personEvaluation } from '../evaluations.ts';
import { explainMembership, explainSupposition, membershipExplanation } from '../explanations.ts';
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

export const getEntities = defineOperation({
  id: 'getEntities',
  method: 'POST',
  path: '/access/entities',
  tag: 'Profiles',
  summary: 'Reads up to twenty profiles, each by any of its identities',
  roles: READERS,
  effect: 'nothing',
  body: accessManyEntities,
  responses: { 200: profileViews },
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

export const explainSupposedMembership = defineOperation({
  id: 'explainSupposedMembership',
  method: 'POST',
  path: '/segment/definitions/{id}/explain',
  tag: 'Segment definitions',
  summary: 'Says why a person would be in a segment or not if some events and attributes were so; nothing is stored',
  roles: READERS,
  effect: 'nothing',
  body: explainSupposition,
  responses: { 200: membershipExplanation },
  problems: ['not-found', 'unavailable'],
});

export const evaluatePerson = defineOperation({
  id: 'evaluatePerson',
  method: 'POST',
  path: '/evaluate',
  tag: 'Profiles',
  summary: 'Evaluates a person at once, with events and attributes that are not stored, for the next page',
  roles: READERS,
  effect: 'nothing',
  body: evaluateBody,
  responses: { 200: personEvaluation },
  problems: ['unavailable'],
});

export const profileOperations = [
  getEntity,
  getEntities,
  explainSegmentMembership,
  explainSupposedMembership,
  evaluatePerson,
] as const;
