/** `/system/…`: which behaviour answers which operation. */
import {
  listFailedBatches,
  listParkedProfiles,
  listQuarantine,
  redriveFailedBatches,
  redriveParkedProfile,
  redriveQuarantine,
  startResync,
} from '#shared/api/operations/system.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { listFailed, redriveFailed } from './failed-batches.ts';
import { listParked, redriveParked } from './parked.ts';
import type { OperationsPorts } from './ports.ts';
import { listQuarantined, redriveQuarantined } from './quarantine.ts';
import { resync } from './resync.ts';

export const operationsApi = (ports: OperationsPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listParkedProfiles, listParked],
      [redriveParkedProfile, redriveParked],
      [startResync, resync],
      [listQuarantine, listQuarantined],
      [redriveQuarantine, redriveQuarantined],
      [listFailedBatches, listFailed],
      [redriveFailedBatches, redriveFailed],
    ],
    ports,
    guard,
  );
