import { changeList, listChanges as listQuery } from '../changes.ts';
import { defineOperation, READERS } from '../operation.ts';

export const listChanges = defineOperation({
  id: 'listChanges',
  method: 'GET',
  path: '/changes',
  tag: 'Changes',
  summary: 'Reads the feed of membership changes from a cursor on',
  roles: READERS,
  query: listQuery,
  responses: { 200: changeList },
  problems: [],
});

export const changeOperations = [listChanges] as const;
