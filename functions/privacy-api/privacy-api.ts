import { createSystemJob, deleteEntity, getSystemJob, listSystemJobs } from '#shared/api/operations/system-jobs.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import type { PrivacyPorts } from './ports.ts';
import { createJob, deleteOne, getJob, listJobs } from './system-jobs.ts';

export const privacyApi = (ports: PrivacyPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [createSystemJob, createJob],
      [deleteEntity, deleteOne],
      [listSystemJobs, listJobs],
      [getSystemJob, getJob],
    ],
    ports,
    guard,
  );
