/** What decides how profiles are put together: which behaviour answers which operation. */
import {
  createMergePolicy,
  deleteMergePolicy,
  getMergePolicy,
  listMergePolicies,
  patchMergePolicy,
} from '#shared/api/operations/merge-policies.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { deletePolicy } from './delete-merge-policy.ts';
import { changePolicy, createPolicy, listPolicies, readPolicy } from './merge-policies.ts';
import type { ProfileSettingsPorts } from './ports.ts';

export const profileSettingsApi = (ports: ProfileSettingsPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listMergePolicies, listPolicies],
      [createMergePolicy, createPolicy],
      [getMergePolicy, readPolicy],
      [patchMergePolicy, changePolicy],
      [deleteMergePolicy, deletePolicy],
    ],
    ports,
    guard,
  );
