/** `/system/…`: which behaviour answers which operation. */
import {
  describeProfile,
  listFailedBatches,
  listParkedProfiles,
  listQuarantine,
  listRefusedLinks,
  redriveFailedBatches,
  redriveParkedProfile,
  redriveQuarantine,
  startResync,
  unmergeProfile,
} from '#shared/api/operations/system.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { listFailed, redriveFailed } from './failed-batches.ts';
import { listParked, redriveParked } from './parked.ts';
import type { OperationsPorts } from './ports.ts';
import { describeIdentities, listRefused, unmergeIdentities } from './profile-identities.ts';
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
      [describeProfile, describeIdentities],
      [unmergeProfile, unmergeIdentities],
      [listRefusedLinks, listRefused],
    ],
    ports,
    guard,
  );
