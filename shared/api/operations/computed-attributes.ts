import {
  computedAttributeList,
  computedAttributeResource,
  createComputedAttribute as createBody,
  deletedComputedAttribute,
  patchComputedAttribute as patchBody,
} from '../computed-attributes.ts';
import { AUTHORS, defineOperation, READERS } from '../operation.ts';

const tag = 'Computed attributes';
const path = '/ca/attributes';
const one = '/ca/attributes/{id}';

export const listComputedAttributes = defineOperation({
  id: 'listComputedAttributes',
  method: 'GET',
  path,
  tag,
  summary: 'Lists the computed attributes of the sandbox',
  roles: READERS,
  responses: { 200: computedAttributeList },
  problems: [],
});

export const createComputedAttribute = defineOperation({
  id: 'createComputedAttribute',
  method: 'POST',
  path,
  tag,
  summary: 'Creates a computed attribute; it has its value at once unless it is a draft',
  roles: AUTHORS,
  body: createBody,
  responses: { 200: computedAttributeResource },
  problems: ['invalid-expression', 'name-in-use', 'definition-loop', 'limit-reached', 'unavailable'],
});

export const getComputedAttribute = defineOperation({
  id: 'getComputedAttribute',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads a computed attribute',
  roles: READERS,
  responses: { 200: computedAttributeResource },
  problems: ['not-found'],
});

export const patchComputedAttribute = defineOperation({
  id: 'patchComputedAttribute',
  method: 'PATCH',
  path: one,
  tag,
  summary: 'Changes the fields that are sent; definitions that read the attribute are evaluated anew',
  roles: AUTHORS,
  ifMatch: true,
  body: patchBody,
  responses: { 200: computedAttributeResource },
  problems: [
    'invalid-expression',
    'not-found',
    'in-use',
    'precondition-failed',
    'name-in-use',
    'definition-loop',
    'unavailable',
  ],
});

export const deleteComputedAttribute = defineOperation({
  id: 'deleteComputedAttribute',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Deletes a computed attribute that nobody reads',
  roles: AUTHORS,
  ifMatch: true,
  responses: { 200: deletedComputedAttribute },
  problems: ['not-found', 'in-use', 'precondition-failed', 'unavailable'],
});

export const computedAttributeOperations = [
  listComputedAttributes,
  createComputedAttribute,
  getComputedAttribute,
  patchComputedAttribute,
  deleteComputedAttribute,
] as const;
