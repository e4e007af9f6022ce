import { jsonPatch } from '../json-patch.ts';
import { defineOperation, OPERATORS, PUBLISHERS, READERS } from '../operation.ts';
import { authoredSchedule, listSchedules as listQuery, scheduleList, scheduleResource } from '../schedules.ts';

const tag = 'Schedules';
const path = '/config/schedules';
const one = '/config/schedules/{id}';
/** Whoever may start a job may have it started. */
const SCHEDULERS = [...new Set([...PUBLISHERS, ...OPERATORS])];

export const listSchedules = defineOperation({
  id: 'listSchedules',
  method: 'GET',
  path,
  tag,
  summary: 'Lists schedules, the oldest first, a page at a time',
  roles: READERS,
  query: listQuery,
  responses: { 200: scheduleList },
  problems: [],
});

export const createSchedule = defineOperation({
  id: 'createSchedule',
  method: 'POST',
  path,
  tag,
  summary: 'Creates a schedule by which jobs are started, at most one a minute',
  roles: SCHEDULERS,
  body: authoredSchedule,
  responses: { 200: scheduleResource },
  problems: ['not-found', 'limit-reached'],
});

export const getSchedule = defineOperation({
  id: 'getSchedule',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads a schedule: when it is due next, and what became of it the last time',
  roles: READERS,
  responses: { 200: scheduleResource },
  problems: ['not-found'],
});

export const patchSchedule = defineOperation({
  id: 'patchSchedule',
  method: 'PATCH',
  path: one,
  tag,
  summary: 'Changes a schedule by a JSON Patch; what it started goes on',
  roles: SCHEDULERS,
  ifMatch: true,
  body: jsonPatch,
  responses: { 204: null },
  problems: ['not-found', 'conflict', 'precondition-failed'],
});

export const deleteSchedule = defineOperation({
  id: 'deleteSchedule',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Deletes a schedule; what it started goes on',
  roles: SCHEDULERS,
  ifMatch: true,
  responses: { 204: null },
  problems: ['not-found', 'conflict', 'precondition-failed'],
});

export const scheduleOperations = [listSchedules, createSchedule, getSchedule, patchSchedule, deleteSchedule] as const;
