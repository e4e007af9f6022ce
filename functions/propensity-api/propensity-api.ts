/** `/propensity/…`: which behaviour answers which operation. */
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
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { changeInstance, cloneInstance, createInstance, deleteInstance } from './change-instance.ts';
import { checkAgainstData } from './check-data.ts';
import type { PropensityPorts } from './ports.ts';
import { readFactor, readInsights } from './read-insights.ts';
import { findInstance, listInstances } from './read-instances.ts';
import { cancelRun, findRun, listRuns, promoteRun, startRun } from './runs.ts';

export const propensityApi = (ports: PropensityPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listPropensityInstances, listInstances],
      [createPropensityInstance, createInstance],
      [getPropensityInstance, findInstance],
      [patchPropensityInstance, changeInstance],
      [deletePropensityInstance, deleteInstance],
      [clonePropensityInstance, cloneInstance],
      [checkPropensityData, checkAgainstData],
      [startPropensityRun, startRun],
      [listPropensityRuns, listRuns],
      [getPropensityRun, findRun],
      [cancelPropensityRun, cancelRun],
      [promotePropensityRun, promoteRun],
      [getPropensityInsights, readInsights],
      [getPropensityFactor, readFactor],
    ],
    ports,
    guard,
  );
