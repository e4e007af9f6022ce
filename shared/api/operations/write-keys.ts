import { defineOperation, OPERATORS } from '../operation.ts';
import { createWriteKey as createBody, createdWriteKey, writeKeyList } from '../write-keys.ts';

const tag = 'Write keys';

export const listWriteKeys = defineOperation({
  id: 'listWriteKeys',
  method: 'GET',
  path: '/config/writeKeys',
  tag,
  summary: 'Lists the write keys of the sandbox, without the keys themselves',
  roles: OPERATORS,
  responses: { 200: writeKeyList },
  problems: [],
});

export const createWriteKey = defineOperation({
  id: 'createWriteKey',
  method: 'POST',
  path: '/config/writeKeys',
  tag,
  summary: 'Makes a write key; it is shown in this answer and never again',
  roles: OPERATORS,
  secretAnswer: true,
  body: createBody,
  responses: { 201: createdWriteKey },
  problems: ['limit-reached'],
});

export const revokeWriteKey = defineOperation({
  id: 'revokeWriteKey',
  method: 'DELETE',
  path: '/config/writeKeys/{id}',
  tag,
  summary: 'Revokes a write key',
  roles: OPERATORS,
  responses: { 204: null },
  problems: ['not-found'],
});

export const writeKeyOperations = [listWriteKeys, createWriteKey, revokeWriteKey] as const;
