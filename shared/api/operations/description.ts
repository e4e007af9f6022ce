import * as z from 'zod';
import { defineOperation, READERS } from '../operation.ts';

const described = {
  method: 'GET',
  path: '/openapi.json',
  tag: 'Description',
  roles: READERS,
  access: 'public',
  responses: { 200: z.looseObject({ openapi: z.string() }) },
  problems: [],
} as const;

export const getDescription = defineOperation({
  ...described,
  id: 'getDescription',
  basePath: '',
  summary: 'Describes this API in OpenAPI 3.1',
});

export const getDescriptionBelow = defineOperation({
  ...described,
  id: 'getDescriptionBelow',
  summary: 'The same below the base path',
});

export const descriptionOperations = [getDescription, getDescriptionBelow] as const;
