/** `/schemas`: which behaviour answers which operation. */
import {
  getSchema,
  listEventTypes,
  listFields,
  listSchemas,
  patchSchema,
  putSchema,
} from '#shared/api/operations/schemas.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { changeSchema, replaceSchema } from './change-schema.ts';
import { findEventTypes } from './event-types.ts';
import { findFields } from './fields.ts';
import type { SchemaPorts } from './ports.ts';
import { findSchema, findSchemas } from './read-schemas.ts';

export const schemasApi = (ports: SchemaPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listSchemas, findSchemas],
      [getSchema, findSchema],
      [putSchema, replaceSchema],
      [patchSchema, changeSchema],
      [listFields, findFields],
      [listEventTypes, findEventTypes],
    ],
    ports,
    guard,
  );
