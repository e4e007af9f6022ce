import { defineOperation, OPERATORS, READERS } from '../operation.ts';
import { eventTypeList, fieldList, listFieldsQuery, schemaExtension, schemaList, schemaResource } from '../schemas.ts';

const tag = 'Schemas';
const one = '/schemas/{name}';

export const listSchemas = defineOperation({
  id: 'listSchemas',
  method: 'GET',
  path: '/schemas',
  tag,
  summary: 'Lists the schemas: that of profiles and that of events',
  roles: READERS,
  responses: { 200: schemaList },
  problems: [],
});

export const getSchema = defineOperation({
  id: 'getSchema',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads a schema: the extension of the sandbox, and all fields as one JSON Schema',
  roles: READERS,
  ifMatch: true,
  responses: { 200: schemaResource },
  problems: ['not-found'],
});

export const putSchema = defineOperation({
  id: 'putSchema',
  method: 'PUT',
  path: one,
  tag,
  summary: 'Replaces the extension of the sandbox',
  description:
    'The body is a JSON Schema of the fields that the sandbox adds to the default ones. Definitions that are published ' +
    'keep the schema that they were published with.',
  roles: OPERATORS,
  ifMatch: true,
  body: schemaExtension,
  responses: { 200: schemaResource },
  problems: ['not-found', 'conflict', 'too-large', 'precondition-failed'],
});

export const patchSchema = defineOperation({
  id: 'patchSchema',
  method: 'PATCH',
  path: one,
  tag,
  summary: 'Changes the extension of the sandbox by a merge patch (RFC 7396): null takes a field away',
  roles: OPERATORS,
  ifMatch: true,
  body: schemaExtension,
  responses: { 200: schemaResource },
  problems: ['not-found', 'conflict', 'too-large', 'precondition-failed'],
});

export const listFields = defineOperation({
  id: 'listFields',
  method: 'GET',
  path: '/schemas/fields',
  tag,
  summary: 'Lists fields, declared and observed, each with what is known of its values; searches them',
  roles: READERS,
  query: listFieldsQuery,
  responses: { 200: fieldList },
  problems: [],
});

export const listEventTypes = defineOperation({
  id: 'listEventTypes',
  method: 'GET',
  path: '/schemas/eventTypes',
  tag,
  summary: 'Lists the event types that were observed, with how many events and people each has',
  roles: READERS,
  responses: { 200: eventTypeList },
  problems: [],
});

export const schemaOperations = [listSchemas, listFields, listEventTypes, getSchema, putSchema, patchSchema] as const;
