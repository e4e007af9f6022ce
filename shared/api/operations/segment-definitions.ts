import { AUTHORS, defineOperation, READERS } from '../operation.ts';
import {
  createSegmentDefinition as createBody,
  deletedSegmentDefinition,
  listSegmentDefinitions as listQuery,
  patchSegmentDefinition as patchBody,
  segmentDefinitionList,
  segmentDefinitionResource,
} from '../segment-definitions.ts';

const tag = 'Segment definitions';
const path = '/segment/definitions';
const one = '/segment/definitions/{id}';

export const listSegmentDefinitions = defineOperation({
  id: 'listSegmentDefinitions',
  method: 'GET',
  path,
  tag,
  summary: 'Lists the definitions of the sandbox, a page at a time',
  roles: READERS,
  query: listQuery,
  responses: { 200: segmentDefinitionList },
  problems: [],
});

export const createSegmentDefinition = defineOperation({
  id: 'createSegmentDefinition',
  method: 'POST',
  path,
  tag,
  summary: 'Creates a definition; it is live at once unless it is a draft',
  roles: AUTHORS,
  body: createBody,
  responses: { 200: segmentDefinitionResource },
  problems: ['invalid-expression', 'name-in-use', 'definition-loop', 'limit-reached', 'unavailable'],
});

export const getSegmentDefinition = defineOperation({
  id: 'getSegmentDefinition',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads a definition',
  roles: READERS,
  responses: { 200: segmentDefinitionResource },
  problems: ['not-found'],
});

export const patchSegmentDefinition = defineOperation({
  id: 'patchSegmentDefinition',
  method: 'PATCH',
  path: one,
  tag,
  summary: 'Changes the fields of a definition that are sent; each change is a new version',
  roles: AUTHORS,
  ifMatch: true,
  body: patchBody,
  responses: { 200: segmentDefinitionResource },
  problems: [
    'invalid-expression',
    'not-found',
    'in-use',
    'precondition-failed',
    'name-in-use',
    'definition-loop',
    'limit-reached',
    'unavailable',
  ],
});

export const deleteSegmentDefinition = defineOperation({
  id: 'deleteSegmentDefinition',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Deletes a definition; its versions stay, its members leave when their profiles are next evaluated',
  roles: AUTHORS,
  ifMatch: true,
  responses: { 200: deletedSegmentDefinition },
  problems: ['not-found', 'in-use', 'precondition-failed', 'unavailable'],
});

export const segmentDefinitionOperations = [
  listSegmentDefinitions,
  createSegmentDefinition,
  getSegmentDefinition,
  patchSegmentDefinition,
  deleteSegmentDefinition,
] as const;
