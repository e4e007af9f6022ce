import {
  createExportJob as createBody,
  deletedExportJob,
  exportFiles,
  exportJobList,
  exportJobResource,
  listExportJobs as listQuery,
} from '../exports.ts';
import { defineOperation, OPERATORS, PUBLISHERS, READERS } from '../operation.ts';

const tag = 'Exports';
const path = '/export/jobs';
const one = '/export/jobs/{id}';
/** An export takes people's data out of the service. */
const EXPORTERS = [...new Set([...PUBLISHERS, ...OPERATORS])];

export const listExportJobs = defineOperation({
  id: 'listExportJobs',
  method: 'GET',
  path,
  tag,
  summary: 'Lists the exports of the last 90 days, the newest first, a page at a time',
  roles: READERS,
  query: listQuery,
  responses: { 200: exportJobList },
  problems: [],
});

export const createExportJob = defineOperation({
  id: 'createExportJob',
  method: 'POST',
  path,
  tag,
  summary: 'Starts an export of members of segments, or of everybody, with chosen attributes',
  roles: EXPORTERS,
  body: createBody,
  isHeavy: true,
  responses: { 200: exportJobResource },
  problems: ['conflict', 'too-many-jobs'],
});

export const getExportJob = defineOperation({
  id: 'getExportJob',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads an export: its status, how far it is, where it goes',
  roles: READERS,
  responses: { 200: exportJobResource },
  problems: ['not-found'],
});

export const getExportFiles = defineOperation({
  id: 'getExportFiles',
  method: 'GET',
  path: '/export/jobs/{id}/files',
  tag,
  summary: 'Reads the manifest of an export that succeeded: its files with rows and checksums, its columns',
  roles: READERS,
  responses: { 200: exportFiles },
  problems: ['not-found', 'conflict'],
});

export const deleteExportJob = defineOperation({
  id: 'deleteExportJob',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Cancels an export; one that is over stays as it is',
  roles: EXPORTERS,
  responses: { 200: deletedExportJob },
  problems: ['not-found', 'unavailable'],
});

export const redriveExportJob = defineOperation({
  id: 'redriveExportJob',
  method: 'POST',
  path: '/export/jobs/{id}/redrive',
  tag,
  summary: 'Goes on with an export that failed or was cancelled, from the parts of it that are done',
  roles: OPERATORS,
  responses: { 200: exportJobResource },
  problems: ['not-found', 'conflict', 'too-many-jobs'],
});

export const exportOperations = [
  listExportJobs,
  createExportJob,
  getExportJob,
  getExportFiles,
  deleteExportJob,
  redriveExportJob,
] as const;
