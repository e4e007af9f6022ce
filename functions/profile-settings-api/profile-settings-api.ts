/** What decides how profiles are put together: which behaviour answers which operation. */

import {
  createComputedAttribute,
  deleteComputedAttribute,
  getComputedAttribute,
  listComputedAttributes,
  patchComputedAttribute,
} from '#shared/api/operations/computed-attributes.ts';
import { getIdentityGraph, putIdentityGraph } from '#shared/api/operations/identity-graph.ts';
import {
  createMergePolicy,
  deleteMergePolicy,
  getMergePolicy,
  listMergePolicies,
  patchMergePolicy,
} from '#shared/api/operations/merge-policies.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import {
  changeAttribute,
  createAttribute,
  deleteAttribute,
  listAttributes,
  readAttribute,
} from './computed-attributes.ts';
import { deletePolicy } from './delete-merge-policy.ts';
import { changeGraph, readGraph } from './identity-graph.ts';
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
      [listComputedAttributes, listAttributes],
      [createComputedAttribute, createAttribute],
      [getComputedAttribute, readAttribute],
      [patchComputedAttribute, changeAttribute],
      [deleteComputedAttribute, deleteAttribute],
      [getIdentityGraph, readGraph],
      [putIdentityGraph, changeGraph],
    ],
    ports,
    guard,
  );
