/** `/segment/definitions`, `/audiences`, `/search` and what is about expressions: which behaviour answers which operation. */
import * as audiences from '#shared/api/operations/audiences.ts';
import * as operations from '#shared/api/operations/segment-definitions.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { bulkGetAudiences, deleteAudience, findAudience, listAudiences } from './audiences.ts';
import { createAudience, patchAudience, replaceAudience } from './change-audience.ts';
import { changeDefinition } from './change-definition.ts';
import { convertExpression } from './convert-expression.ts';
import { createDefinition } from './create-definition.ts';
import { deleteDefinition } from './delete-definition.ts';
import { deleteDraft, findDraft, publishDraft, saveDraft } from './drafts.ts';
import type { SegmentPorts } from './ports.ts';
import { bulkGet, findDefinition, listDefinitions } from './read-definitions.ts';
import { readTaxonomy, searchEntities, searchNamespaces } from './search.ts';
import { validateDefinition } from './validate-definition.ts';
import { compareVersions, findVersion, listAllVersions, rollBackDefinition } from './versions.ts';

export const segmentsApi = (ports: SegmentPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [operations.listSegmentDefinitions, listDefinitions],
      [operations.createSegmentDefinition, createDefinition],
      [operations.getSegmentDefinition, findDefinition],
      [operations.patchSegmentDefinition, changeDefinition],
      [operations.deleteSegmentDefinition, deleteDefinition],
      [operations.bulkGetSegmentDefinitions, bulkGet],
      [operations.convertSegmentExpression, convertExpression],
      [operations.validateSegmentDefinition, validateDefinition],
      [operations.listSegmentVersions, listAllVersions],
      [operations.getSegmentVersion, findVersion],
      [operations.compareSegmentVersions, compareVersions],
      [operations.rollBackSegmentDefinition, rollBackDefinition],
      [operations.getSegmentDraft, findDraft],
      [operations.saveSegmentDraft, saveDraft],
      [operations.deleteSegmentDraft, deleteDraft],
      [operations.publishSegmentDraft, publishDraft],
      [audiences.listAudiences, listAudiences],
      [audiences.createAudience, createAudience],
      [audiences.getAudience, findAudience],
      [audiences.replaceAudience, replaceAudience],
      [audiences.patchAudience, patchAudience],
      [audiences.deleteAudience, deleteAudience],
      [audiences.bulkGetAudiences, bulkGetAudiences],
      [audiences.searchNamespaces, searchNamespaces],
      [audiences.searchEntities, searchEntities],
      [audiences.getTaxonomy, readTaxonomy],
    ],
    ports,
    guard,
  );
