import { AUTHORS, defineOperation, PUBLISHERS, READERS } from '../operation.ts';
import {
  bulkGet,
  createSegmentDefinition as createBody,
  deletedSegmentDefinition,
  listSegmentDefinitions as listQuery,
  patchSegmentDefinition as patchBody,
  segmentDefinitionList,
  segmentDefinitionResource,
  segmentDefinitionsById,
} from '../segment-definitions.ts';
import {
  convertExpression,
  convertedExpression,
  validateDefinition as validateBody,
  validatedDefinition,
} from '../segment-expressions.ts';
import {
  compareVersions,
  draftResource,
  listVersions,
  publishDraft,
  rollBack,
  saveDraft,
  versionDifferences,
  versionList,
} from '../segment-versions.ts';

const tag = 'Segment definitions';
const path = '/segment/definitions';
const one = '/segment/definitions/{id}';

const CHANGE_PROBLEMS = [
  'invalid-expression',
  'not-found',
  'conflict',
  'in-use',
  'name-in-use',
  'definition-loop',
  'limit-reached',
] as const;

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
  problems: ['invalid-expression', 'name-in-use', 'definition-loop', 'limit-reached'],
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
  problems: CHANGE_PROBLEMS,
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

export const bulkGetSegmentDefinitions = defineOperation({
  id: 'bulkGetSegmentDefinitions',
  method: 'POST',
  path: `${path}/bulk-get`,
  tag,
  summary: 'Reads up to 100 definitions by their ids',
  roles: READERS,
  effect: 'nothing',
  body: bulkGet,
  responses: { 207: segmentDefinitionsById },
  problems: [],
});

export const convertSegmentExpression = defineOperation({
  id: 'convertSegmentExpression',
  method: 'POST',
  path: '/segment/conversion',
  tag,
  summary: 'Spells an expression the other way: text as JSON, and JSON as text',
  roles: READERS,
  effect: 'nothing',
  body: convertExpression,
  responses: { 200: convertedExpression },
  problems: ['invalid-expression'],
});

export const validateSegmentDefinition = defineOperation({
  id: 'validateSegmentDefinition',
  method: 'POST',
  path: `${path}/validate`,
  tag,
  summary: 'Says what is wrong with an expression, how it would be kept up to date, what it reads and what it costs',
  roles: READERS,
  effect: 'nothing',
  body: validateBody,
  responses: { 200: validatedDefinition },
  problems: [],
});

export const listSegmentVersions = defineOperation({
  id: 'listSegmentVersions',
  method: 'GET',
  path: `${one}/versions`,
  tag,
  summary: 'Lists the versions of a definition, the newest first: who, when, why, and what changed',
  roles: READERS,
  query: listVersions,
  responses: { 200: versionList },
  problems: ['not-found'],
});

export const getSegmentVersion = defineOperation({
  id: 'getSegmentVersion',
  method: 'GET',
  path: `${one}/versions/{version}`,
  tag,
  summary: 'Reads a definition as it was in a version',
  roles: READERS,
  responses: { 200: segmentDefinitionResource },
  problems: ['not-found'],
});

export const compareSegmentVersions = defineOperation({
  id: 'compareSegmentVersions',
  method: 'GET',
  path: `${one}/versions/{version}/differences`,
  tag,
  summary: 'Says what differs between two versions of a definition',
  roles: READERS,
  query: compareVersions,
  responses: { 200: versionDifferences },
  problems: ['not-found'],
});

export const rollBackSegmentDefinition = defineOperation({
  id: 'rollBackSegmentDefinition',
  method: 'POST',
  path: `${one}/rollback`,
  tag,
  summary: 'Makes the next version of a definition from an earlier one',
  roles: AUTHORS,
  ifMatch: true,
  body: rollBack,
  responses: { 200: segmentDefinitionResource },
  problems: CHANGE_PROBLEMS,
});

export const getSegmentDraft = defineOperation({
  id: 'getSegmentDraft',
  method: 'GET',
  path: `${one}/draft`,
  tag,
  summary: 'Reads the draft beside a definition',
  roles: READERS,
  responses: { 200: draftResource },
  problems: ['not-found'],
});

export const saveSegmentDraft = defineOperation({
  id: 'saveSegmentDraft',
  method: 'PUT',
  path: `${one}/draft`,
  tag,
  summary: 'Saves a draft beside a definition, which stays as it is; mistakes in it are answered and kept',
  roles: AUTHORS,
  ifMatch: true,
  body: saveDraft,
  responses: { 200: draftResource },
  problems: ['not-found'],
});

export const deleteSegmentDraft = defineOperation({
  id: 'deleteSegmentDraft',
  method: 'DELETE',
  path: `${one}/draft`,
  tag,
  summary: 'Drops the draft beside a definition',
  roles: AUTHORS,
  ifMatch: true,
  responses: { 204: null },
  problems: ['not-found'],
});

export const publishSegmentDraft = defineOperation({
  id: 'publishSegmentDraft',
  method: 'POST',
  path: `${one}/draft/publish`,
  tag,
  summary:
    'Makes the draft the next version of its definition, unless somebody else changed that since the draft was begun',
  roles: PUBLISHERS,
  ifMatch: true,
  body: publishDraft,
  responses: { 200: segmentDefinitionResource },
  problems: CHANGE_PROBLEMS,
});

export const segmentDefinitionOperations = [
  listSegmentDefinitions,
  createSegmentDefinition,
  getSegmentDefinition,
  patchSegmentDefinition,
  deleteSegmentDefinition,
  bulkGetSegmentDefinitions,
  convertSegmentExpression,
  validateSegmentDefinition,
  listSegmentVersions,
  getSegmentVersion,
  compareSegmentVersions,
  rollBackSegmentDefinition,
  getSegmentDraft,
  saveSegmentDraft,
  deleteSegmentDraft,
  publishSegmentDraft,
] as const;
