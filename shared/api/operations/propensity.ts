import { AUTHORS, defineOperation, PUBLISHERS, READERS } from '../operation.ts';
import {
  clonePropensityInstance as cloneBody,
  createPropensityInstance as createBody,
  factorQuery,
  insightsQuery,
  listRunsQuery,
  patchPropensityInstance as patchBody,
  propensityDataCheck,
  propensityDataCheckRequest,
  propensityFactor,
  propensityInsights,
  propensityInstance,
  propensityInstanceList,
  propensityRun,
  propensityRunList,
  startPropensityRun as startBody,
} from '../propensity.ts';

const tag = 'Propensity';
const instances = '/propensity/instances';

export const listPropensityInstances = defineOperation({
  id: 'listPropensityInstances',
  method: 'GET',
  path: instances,
  tag,
  summary: 'Lists what is foretold in the sandbox, each with its last run',
  roles: READERS,
  responses: { 200: propensityInstanceList },
  problems: [],
});

export const createPropensityInstance = defineOperation({
  id: 'createPropensityInstance',
  method: 'POST',
  path: instances,
  tag,
  summary: 'Says what is to be foretold, of whom and from what',
  roles: AUTHORS,
  body: createBody,
  responses: { 201: propensityInstance },
  problems: ['invalid-expression', 'name-in-use', 'limit-reached', 'field-restricted', 'conflict'],
});

export const getPropensityInstance = defineOperation({
  id: 'getPropensityInstance',
  method: 'GET',
  path: `${instances}/{id}`,
  tag,
  summary: 'Reads an instance',
  roles: READERS,
  responses: { 200: propensityInstance },
  problems: ['not-found'],
});

export const patchPropensityInstance = defineOperation({
  id: 'patchPropensityInstance',
  method: 'PATCH',
  path: `${instances}/{id}`,
  tag,
  summary: 'Changes an instance; its next training follows the change',
  roles: AUTHORS,
  ifMatch: true,
  body: patchBody,
  responses: { 200: propensityInstance },
  problems: ['not-found', 'invalid-expression', 'precondition-failed', 'conflict', 'field-restricted'],
});

export const deletePropensityInstance = defineOperation({
  id: 'deletePropensityInstance',
  method: 'DELETE',
  path: `${instances}/{id}`,
  tag,
  summary: 'Deletes an instance and its runs; refused while a definition reads its scores',
  roles: PUBLISHERS,
  ifMatch: true,
  responses: { 204: null },
  problems: ['not-found', 'precondition-failed', 'conflict', 'in-use'],
});

export const clonePropensityInstance = defineOperation({
  id: 'clonePropensityInstance',
  method: 'POST',
  path: `${instances}/{id}/clone`,
  tag,
  summary: 'Copies the settings of an instance into a draft of another name',
  roles: AUTHORS,
  body: cloneBody,
  responses: { 201: propensityInstance },
  problems: ['not-found', 'name-in-use', 'limit-reached'],
});

export const checkPropensityData = defineOperation({
  id: 'checkPropensityData',
  method: 'POST',
  path: '/propensity/dataCheck',
  tag,
  summary: 'Counts whether there is enough to learn from; nothing is stored',
  roles: AUTHORS,
  effect: 'nothing',
  body: propensityDataCheckRequest,
  isHeavy: true,
  responses: { 200: propensityDataCheck },
  problems: ['invalid-expression', 'field-restricted'],
});

export const startPropensityRun = defineOperation({
  id: 'startPropensityRun',
  method: 'POST',
  path: `${instances}/{id}/runs`,
  tag,
  summary: 'Trains a model and scores everybody by it, or scores by the model in use',
  roles: PUBLISHERS,
  body: startBody,
  responses: { 202: propensityRun },
  problems: ['not-found', 'conflict'],
});

export const listPropensityRuns = defineOperation({
  id: 'listPropensityRuns',
  method: 'GET',
  path: `${instances}/{id}/runs`,
  tag,
  summary: 'Lists the runs of an instance, the newest first',
  roles: READERS,
  query: listRunsQuery,
  responses: { 200: propensityRunList },
  problems: ['not-found'],
});

export const getPropensityRun = defineOperation({
  id: 'getPropensityRun',
  method: 'GET',
  path: `${instances}/{id}/runs/{runId}`,
  tag,
  summary: 'Reads a run: its status, what the data check found, how the model did, how many were scored',
  roles: READERS,
  responses: { 200: propensityRun },
  problems: ['not-found'],
});

export const cancelPropensityRun = defineOperation({
  id: 'cancelPropensityRun',
  method: 'DELETE',
  path: `${instances}/{id}/runs/{runId}`,
  tag,
  summary: 'Cancels a run that has not ended',
  roles: PUBLISHERS,
  responses: { 204: null },
  problems: ['not-found', 'conflict'],
});

export const promotePropensityRun = defineOperation({
  id: 'promotePropensityRun',
  method: 'POST',
  path: `${instances}/{id}/runs/{runId}/promote`,
  tag,
  summary: 'Puts the model of a run into use, an earlier one too; everybody is scored by it with the next run',
  roles: PUBLISHERS,
  responses: { 200: propensityInstance },
  problems: ['not-found', 'conflict'],
});

export const getPropensityInsights = defineOperation({
  id: 'getPropensityInsights',
  method: 'GET',
  path: `${instances}/{id}/insights`,
  tag,
  summary:
    'Distribution, buckets with their factors, curves, calibration and history of a run; of the last one that scored',
  roles: READERS,
  query: insightsQuery,
  responses: { 200: propensityInsights },
  problems: ['not-found'],
});

export const getPropensityFactor = defineOperation({
  id: 'getPropensityFactor',
  method: 'GET',
  path: `${instances}/{id}/insights/factor`,
  tag,
  summary: 'What one factor is like among the people of a bucket: how strongly it counts, and which values they have',
  roles: READERS,
  query: factorQuery,
  responses: { 200: propensityFactor },
  problems: ['not-found'],
});

export const propensityOperations = [
  listPropensityInstances,
  createPropensityInstance,
  getPropensityInstance,
  patchPropensityInstance,
  deletePropensityInstance,
  clonePropensityInstance,
  checkPropensityData,
  startPropensityRun,
  listPropensityRuns,
  getPropensityRun,
  cancelPropensityRun,
  promotePropensityRun,
  getPropensityInsights,
  getPropensityFactor,
] as const;
