import {
  createMergePolicy as createBody,
  deletedMergePolicy,
  mergePolicyList,
  mergePolicyResource,
  patchMergePolicy as patchBody,
} from '../merge-policies.ts';
import { defineOperation, PUBLISHERS, READERS } from '../operation.ts';

const tag = 'Merge policies';
const path = '/config/mergePolicies';
const one = '/config/mergePolicies/{id}';

export const listMergePolicies = defineOperation({
  id: 'listMergePolicies',
  method: 'GET',
  path,
  tag,
  summary: 'Lists the merge policies of the sandbox, the built-in one first',
  roles: READERS,
  responses: { 200: mergePolicyList },
  problems: [],
});

export const createMergePolicy = defineOperation({
  id: 'createMergePolicy',
  method: 'POST',
  path,
  tag,
  summary: 'Creates a merge policy',
  roles: PUBLISHERS,
  body: createBody,
  responses: { 200: mergePolicyResource },
  problems: ['name-in-use', 'limit-reached', 'unavailable'],
});

export const getMergePolicy = defineOperation({
  id: 'getMergePolicy',
  method: 'GET',
  path: one,
  tag,
  summary: 'Reads a merge policy',
  roles: READERS,
  responses: { 200: mergePolicyResource },
  problems: ['not-found'],
});

export const patchMergePolicy = defineOperation({
  id: 'patchMergePolicy',
  method: 'PATCH',
  path: one,
  tag,
  summary:
    'Changes the fields that are sent; definitions that go by the policy are evaluated anew where it concerns them',
  roles: PUBLISHERS,
  ifMatch: true,
  body: patchBody,
  responses: { 200: mergePolicyResource },
  problems: ['not-found', 'conflict', 'precondition-failed', 'name-in-use', 'unavailable'],
});

export const deleteMergePolicy = defineOperation({
  id: 'deleteMergePolicy',
  method: 'DELETE',
  path: one,
  tag,
  summary: 'Deletes a merge policy that no definition goes by',
  roles: PUBLISHERS,
  ifMatch: true,
  responses: { 200: deletedMergePolicy },
  problems: ['not-found', 'conflict', 'in-use', 'precondition-failed', 'unavailable'],
});

export const mergePolicyOperations = [
  listMergePolicies,
  createMergePolicy,
  getMergePolicy,
  patchMergePolicy,
  deleteMergePolicy,
] as const;
