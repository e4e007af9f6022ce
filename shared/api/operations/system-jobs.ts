/** `/system/jobs`: erasing people. */
import { deleteEntity as entityQuery } from '../entities.ts';
import { defineOperation, OPERATORS } from '../operation.ts';
import {
  anySystemJob,
  createSystemJob as createBody,
  listSystemJobs as listQuery,
  systemJob,
  systemJobList,
} from '../system-jobs.ts';

const tag = 'Privacy';

export const createSystemJob = defineOperation({
  id: 'createSystemJob',
  method: 'POST',
  path: '/system/jobs',
  tag,
  summary: 'Erases everything of a person, and blocks what comes late',
  roles: OPERATORS,
  body: createBody,
  responses: { 202: systemJob },
  problems: [],
});

export const deleteEntity = defineOperation({
  id: 'deleteEntity',
  method: 'DELETE',
  path: '/access/entities',
  tag,
  summary: 'Erases everything of the person who has an identity, as createSystemJob does; answers with the job',
  roles: OPERATORS,
  query: entityQuery,
  responses: { 202: systemJob },
  problems: [],
});

export const listSystemJobs = defineOperation({
  id: 'listSystemJobs',
  method: 'GET',
  path: '/system/jobs',
  tag,
  summary: 'Lists erasures and rebuilds of the identity graph, the newest first',
  roles: OPERATORS,
  query: listQuery,
  responses: { 200: systemJobList },
  problems: [],
});

export const getSystemJob = defineOperation({
  id: 'getSystemJob',
  method: 'GET',
  path: '/system/jobs/{id}',
  tag,
  summary: 'How far an erasure or a rebuild of the identity graph is; an erasure’s receipt once it is completed',
  roles: OPERATORS,
  responses: { 200: anySystemJob },
  problems: ['not-found'],
});

export const systemJobOperations = [createSystemJob, deleteEntity, listSystemJobs, getSystemJob] as const;
