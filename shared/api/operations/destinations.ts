import {
  createDestination as createBody,
  createdDestination,
  destinationDeliveries,
  destinationList,
  destinationResource,
  destinationTest,
  patchDestination as patchBody,
  redriveDestination as redriveBody,
  redrivenDestination,
  rotatedSecret,
} from '../destinations.ts';
import { defineOperation, OPERATORS, PUBLISHERS, READERS } from '../operation.ts';

const tag = 'Destinations';
const all = '/destinations';
const one = '/destinations/{id}';

export const listDestinations = defineOperation({
  id: 'listDestinations',
  method: 'GET',
  path: all,
  tag,
  summary: 'Lists who is told of membership changes',
  roles: READERS,
  responses: { 200: destinationList },
  problems: [],
});

export const createDestination = defineOperation({
  id: 'createDestination',
  method: 'POST',
  path: all,
  tag,
  summary: 'Says who is to be told of membership changes; the secret of a webhook is in this answer and never again',
  roles: PUBLISHERS,
  secretAnswer: true,
  body: createBody,
  responses: { 201: createdDestination },
  problems: ['name-in-use', 'limit-reached', 'field-restricted'],
});

export const getDestination = defineOperation({
  id: 'getDestination',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads a destination, without its secrets',
  roles: READERS,
  responses: { 200: destinationResource },
  problems: ['not-found'],
});

export const patchDestination = defineOperation({
  id: 'patchDestination',
  method: 'PATCH',
  path: one,
  tag,
  summary: 'Changes, pauses or resumes a destination; one that is resumed is told what happened meanwhile',
  roles: PUBLISHERS,
  ifMatch: true,
  body: patchBody,
  responses: { 200: destinationResource },
  problems: ['not-found', 'name-in-use', 'conflict', 'precondition-failed', 'field-restricted'],
});

export const deleteDestination = defineOperation({
  id: 'deleteDestination',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Deletes a destination, with what it turned away',
  roles: PUBLISHERS,
  ifMatch: true,
  responses: { 204: null },
  problems: ['not-found', 'conflict', 'precondition-failed'],
});

export const rotateDestinationSecret = defineOperation({
  id: 'rotateDestinationSecret',
  method: 'POST',
  path: `${one}/secrets`,
  tag,
  summary: 'Makes a new signing secret for a webhook; the one before signs beside it until the next rotation',
  roles: PUBLISHERS,
  secretAnswer: true,
  responses: { 201: rotatedSecret },
  problems: ['not-found', 'conflict'],
});

export const testDestination = defineOperation({
  id: 'testDestination',
  method: 'POST',
  path: `${one}/test`,
  tag,
  summary: 'Sends an event of type shoal.destination.test, and says what came of it',
  roles: PUBLISHERS,
  responses: { 200: destinationTest },
  problems: ['not-found'],
});

export const getDestinationDeliveries = defineOperation({
  id: 'getDestinationDeliveries',
  method: 'GET',
  path: `${one}/deliveries`,
  tag,
  summary: 'How far it has been told, what fails and why, and what was set aside',
  roles: READERS,
  responses: { 200: destinationDeliveries },
  problems: ['not-found'],
});

export const redriveDestination = defineOperation({
  id: 'redriveDestination',
  method: 'POST',
  path: `${one}/redrive`,
  tag,
  summary: 'Sends again what the destination turned away',
  roles: OPERATORS,
  body: redriveBody,
  responses: { 202: redrivenDestination },
  problems: ['not-found'],
});

export const destinationOperations = [
  listDestinations,
  createDestination,
  getDestination,
  patchDestination,
  deleteDestination,
  rotateDestinationSecret,
  testDestination,
  getDestinationDeliveries,
  redriveDestination,
] as const;
