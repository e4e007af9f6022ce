import { defineOperation, OPERATORS, PUBLISHERS, READERS } from '../operation.ts';
import {
  bulkGetSegmentJobs as bulkGetBody,
  createSegmentJob as createBody,
  listSegmentJobs as listQuery,
  segmentJobList,
  segmentJobResource,
  segmentJobsById,
  segmentTrend,
  segmentTrendQuery as trendQuery,
} from '../segment-jobs.ts';

const tag = 'Segment jobs';
const path = '/segment/jobs';
const one = '/segment/jobs/{id}';
/** Whoever may publish a definition may have it counted, and so may whoever runs the service. */
const STARTERS = [...new Set([...PUBLISHERS, ...OPERATORS])];

export const listSegmentJobs = defineOperation({
  id: 'listSegmentJobs',
  method: 'GET',
  path,
  tag,
  summary: 'Lists the segment jobs of the last 90 days, a page at a time',
  roles: READERS,
  query: listQuery,
  responses: { 200: segmentJobList },
  problems: [],
});

export const createSegmentJob = defineOperation({
  id: 'createSegmentJob',
  method: 'POST',
  path,
  tag,
  summary: 'Starts a job that evaluates definitions, or every published one, over all profiles',
  roles: STARTERS,
  body: createBody,
  isHeavy: true,
  responses: { 200: segmentJobResource },
  problems: ['not-found', 'too-many-jobs'],
});

export const getSegmentJob = defineOperation({
  id: 'getSegmentJob',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads a job: its status, how far it is, and what it counted',
  roles: READERS,
  responses: { 200: segmentJobResource },
  problems: ['not-found'],
});

export const cancelSegmentJob = defineOperation({
  id: 'cancelSegmentJob',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Cancels a job; one that is over stays as it is',
  roles: STARTERS,
  responses: { 204: null },
  problems: ['not-found', 'unavailable'],
});

export const bulkGetSegmentJobs = defineOperation({
  id: 'bulkGetSegmentJobs',
  method: 'POST',
  path: '/segment/jobs/bulk-get',
  tag,
  summary: 'Reads up to a hundred jobs by their ids',
  roles: READERS,
  effect: 'nothing',
  body: bulkGetBody,
  responses: { 207: segmentJobsById },
  problems: [],
});

export const redriveSegmentJob = defineOperation({
  id: 'redriveSegmentJob',
  method: 'POST',
  path: '/segment/jobs/{id}/redrive',
  tag,
  summary: 'Goes on with a job that failed or was cancelled, from the parts of it that are done',
  roles: OPERATORS,
  responses: { 200: segmentJobResource },
  problems: ['not-found', 'conflict', 'too-many-jobs'],
});

export const getSegmentTrend = defineOperation({
  id: 'getSegmentTrend',
  method: 'GET',
  path: '/segment/definitions/{id}/trend',
  tag,
  summary: 'Reads how many members a definition had whenever everybody was counted',
  roles: READERS,
  query: trendQuery,
  responses: { 200: segmentTrend },
  problems: ['not-found'],
});

export const segmentJobOperations = [
  listSegmentJobs,
  createSegmentJob,
  getSegmentJob,
  cancelSegmentJob,
  bulkGetSegmentJobs,
  redriveSegmentJob,
  getSegmentTrend,
] as const;
