/** Groups of commands that are operations of the catalogue and nothing more. */

import type { Operation } from '#shared/api/operation.ts';
import {
  createAudience,
  deleteAudience,
  getAudience,
  listAudiences,
  patchAudience,
} from '#shared/api/operations/audiences.ts';
import {
  createDestination,
  deleteDestination,
  getDestination,
  getDestinationDeliveries,
  listDestinations,
  patchDestination,
  redriveDestination,
  rotateDestinationSecret,
  testDestination,
} from '#shared/api/operations/destinations.ts';
import {
  createExportJob,
  deleteExportJob,
  getExportFiles,
  getExportJob,
  listExportJobs,
  redriveExportJob,
} from '#shared/api/operations/exports.ts';
import {
  cancelPropensityRun,
  checkPropensityData,
  clonePropensityInstance,
  createPropensityInstance,
  deletePropensityInstance,
  getPropensityFactor,
  getPropensityInsights,
  getPropensityInstance,
  getPropensityRun,
  listPropensityInstances,
  listPropensityRuns,
  patchPropensityInstance,
  promotePropensityRun,
  startPropensityRun,
} from '#shared/api/operations/propensity.ts';
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  patchSchedule,
} from '#shared/api/operations/schedules.ts';
import { getSystemJob, listSystemJobs } from '#shared/api/operations/system-jobs.ts';
import { listAudienceUploads } from '#shared/api/operations/uploads.ts';
import { operationCommand } from '../operation-command.ts';
import type { Command } from '../shell.ts';

type Row = readonly [verb: string, operation: Operation, takes?: readonly string[], columns?: readonly string[]];

const group = (noun: string, rows: readonly Row[]): readonly Command[] =>
  rows.map(([verb, operation, takes, columns]) =>
    operationCommand({
      name: `${noun} ${verb}`,
      operation,
      ...(takes && { takes }),
      ...(columns && { columns }),
    }),
  );

const audiences = group('audiences', [
  ['list', listAudiences, [], ['id', 'name', 'type', 'lifecycleState', 'namespace']],
  ['get', getAudience, ['audience']],
  ['create', createAudience],
  ['update', patchAudience, ['audience']],
  ['delete', deleteAudience, ['audience']],
  ['uploads', listAudienceUploads, ['audience'], ['id', 'status', 'rows', 'matched', 'unknown', 'creationTime']],
]);

const destinations = group('destinations', [
  ['list', listDestinations, [], ['id', 'name', 'target.kind', 'state', 'segments']],
  ['get', getDestination, ['destination']],
  ['create', createDestination],
  ['update', patchDestination, ['destination']],
  ['delete', deleteDestination, ['destination']],
  ['test', testDestination, ['destination']],
  ['deliveries', getDestinationDeliveries, ['destination']],
  ['redrive', redriveDestination, ['destination']],
  ['rotate-secret', rotateDestinationSecret, ['destination']],
]);

const exportJobs = group('exports', [
  ['list', listExportJobs, [], ['id', 'status', 'creationTime', 'metrics.exportedRows', 'destination.location']],
  ['create', createExportJob],
  ['get', getExportJob, ['export']],
  ['files', getExportFiles, ['export']],
  ['cancel', deleteExportJob, ['export']],
  ['redrive', redriveExportJob, ['export']],
]);

const schedules = group('schedules', [
  ['list', listSchedules, [], ['id', 'name', 'schedule', 'timeZone', 'state', 'nextRun']],
  ['get', getSchedule, ['schedule']],
  ['create', createSchedule],
  ['update', patchSchedule, ['schedule']],
  ['delete', deleteSchedule, ['schedule']],
]);

const propensity = group('propensity', [
  ['list', listPropensityInstances, [], ['id', 'displayName', 'type', 'state']],
  ['get', getPropensityInstance, ['instance']],
  ['create', createPropensityInstance],
  ['update', patchPropensityInstance, ['instance']],
  ['clone', clonePropensityInstance, ['instance']],
  ['delete', deletePropensityInstance, ['instance']],
  ['check', checkPropensityData],
  ['run', startPropensityRun, ['instance']],
  ['runs', listPropensityRuns, ['instance'], ['id', 'kind', 'status', 'creationTime']],
  ['show-run', getPropensityRun, ['instance', 'run']],
  ['cancel-run', cancelPropensityRun, ['instance', 'run']],
  ['promote-run', promotePropensityRun, ['instance', 'run']],
  ['insights', getPropensityInsights, ['instance']],
  ['factor', getPropensityFactor, ['instance']],
]);

const erasures = group('erasures', [
  ['list', listSystemJobs, [], ['id', 'status', 'step', 'requestedBy']],
  ['get', getSystemJob, ['erasure']],
]);

export const catalogueCommands: readonly Command[] = [
  ...audiences,
  ...destinations,
  ...exportJobs,
  ...schedules,
  ...propensity,
  ...erasures,
];
