import {
  audienceList,
  audienceResource,
  audiencesById,
  createAudience as createBody,
  listAudiences as listQuery,
  patchAudience as patchBody,
  replaceAudience as replaceBody,
} from '../audiences.ts';
import { AUTHORS, defineOperation, READERS } from '../operation.ts';
import {
  entityList,
  namespaceList,
  searchNamespaces as namespacesQuery,
  readTaxonomy,
  searchEntities as searchQuery,
  taxonomy,
} from '../searches.ts';
import { bulkGet } from '../segment-definitions.ts';

const tag = 'Audiences';
const path = '/audiences';
const one = '/audiences/{id}';

const CHANGE_PROBLEMS = [
  'invalid-expression',
  'not-found',
  'conflict',
  'in-use',
  'name-in-use',
  'definition-loop',
  'limit-reached',
] as const;

export const listAudiences = defineOperation({
  id: 'listAudiences',
  method: 'GET',
  path,
  tag,
  summary: 'Lists audiences, a page at a time',
  roles: READERS,
  query: listQuery,
  responses: { 200: audienceList },
  problems: [],
});

export const createAudience = defineOperation({
  id: 'createAudience',
  method: 'POST',
  path,
  tag,
  summary: 'Creates an audience by an expression: a segment definition',
  roles: AUTHORS,
  body: createBody,
  responses: { 201: audienceResource },
  problems: ['invalid-expression', 'name-in-use', 'definition-loop', 'limit-reached'],
});

export const getAudience = defineOperation({
  id: 'getAudience',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads an audience',
  roles: READERS,
  responses: { 200: audienceResource },
  problems: ['not-found'],
});

export const replaceAudience = defineOperation({
  id: 'replaceAudience',
  method: 'PUT',
  path: one,
  tag,
  summary: 'Makes an audience what is sent; what is left out is taken away',
  roles: AUTHORS,
  ifMatch: true,
  body: replaceBody,
  responses: { 201: audienceResource },
  problems: CHANGE_PROBLEMS,
});

export const patchAudience = defineOperation({
  id: 'patchAudience',
  method: 'PATCH',
  path: one,
  tag,
  summary: 'Changes an audience by a JSON Patch',
  roles: AUTHORS,
  ifMatch: true,
  body: patchBody,
  responses: { 201: audienceResource },
  problems: CHANGE_PROBLEMS,
});

export const deleteAudience = defineOperation({
  id: 'deleteAudience',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Deletes an audience with its definition',
  roles: AUTHORS,
  ifMatch: true,
  responses: { 204: null },
  problems: ['not-found', 'in-use'],
});

export const bulkGetAudiences = defineOperation({
  id: 'bulkGetAudiences',
  method: 'POST',
  path: `${path}/bulk-get`,
  tag,
  summary: 'Reads up to 100 audiences by their ids',
  roles: READERS,
  effect: 'nothing',
  body: bulkGet,
  responses: { 207: audiencesById },
  problems: [],
});

export const searchNamespaces = defineOperation({
  id: 'searchNamespaces',
  method: 'GET',
  path: '/search/namespaces',
  tag: 'Search',
  summary: 'Counts what a search finds by where it comes from',
  roles: READERS,
  query: namespacesQuery,
  responses: { 200: namespaceList },
  problems: [],
});

export const searchEntities = defineOperation({
  id: 'searchEntities',
  method: 'GET',
  path: '/search/entities',
  tag: 'Search',
  summary: 'Finds audiences and folders by words, or what lies in a folder',
  roles: READERS,
  query: searchQuery,
  responses: { 200: entityList },
  problems: ['not-found'],
});

export const getTaxonomy = defineOperation({
  id: 'getTaxonomy',
  method: 'GET',
  path: '/search/taxonomy',
  tag: 'Search',
  summary: 'Shows folders and tags, or the folders around an audience',
  roles: READERS,
  query: readTaxonomy,
  responses: { 200: taxonomy },
  problems: ['not-found'],
});

export const audienceOperations = [
  listAudiences,
  createAudience,
  getAudience,
  replaceAudience,
  patchAudience,
  deleteAudience,
  bulkGetAudiences,
  searchNamespaces,
  searchEntities,
  getTaxonomy,
] as const;
