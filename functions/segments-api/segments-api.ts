/** `/segment/definitions`: which behaviour answers which operation. */
import {
  createSegmentDefinition,
  deleteSegmentDefinition,
  getSegmentDefinition,
  listSegmentDefinitions,
  patchSegmentDefinition,
} from '#shared/api/operations/segment-definitions.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { changeDefinition } from './change-definition.ts';
import { createDefinition } from './create-definition.ts';
import { deleteDefinition } from './delete-definition.ts';
import type { SegmentPorts } from './ports.ts';
import { findDefinition, listDefinitions } from './read-definitions.ts';

export const segmentsApi = (ports: SegmentPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listSegmentDefinitions, listDefinitions],
      [createSegmentDefinition, createDefinition],
      [getSegmentDefinition, findDefinition],
      [patchSegmentDefinition, changeDefinition],
      [deleteSegmentDefinition, deleteDefinition],
    ],
    ports,
    guard,
  );
