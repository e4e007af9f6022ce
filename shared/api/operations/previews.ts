import { AUTHORS, defineOperation, READERS } from '../operation.ts';
import {
  createPreview as createBody,
  deletedPreview,
  estimateResource,
  getPreviewQuery,
  previewPage,
  previewResource,
} from '../previews.ts';

const tag = 'Previews and estimates';

export const createPreview = defineOperation({
  id: 'createPreview',
  method: 'POST',
  path: '/preview',
  tag,
  summary: 'Asks how many people an expression holds for, before anything is saved; the first answer comes at once',
  roles: AUTHORS,
  effect: 'nothing',
  body: createBody,
  isHeavy: true,
  responses: { 201: previewResource },
  problems: ['invalid-expression', 'not-found', 'unavailable'],
});

export const getPreview = defineOperation({
  id: 'getPreview',
  method: 'GET',
  path: '/preview/{id}',
  tag,
  summary: 'Pages through a sample of those whom the expression holds for',
  roles: READERS,
  query: getPreviewQuery,
  responses: { 200: previewPage },
  problems: ['not-found', 'unavailable'],
});

export const deletePreview = defineOperation({
  id: 'deletePreview',
  method: 'DELETE',
  path: '/preview/{id}',
  tag,
  summary: 'Ends a preview; nothing more is read for it',
  roles: AUTHORS,
  effect: 'nothing',
  responses: { 200: deletedPreview },
  problems: ['not-found', 'unavailable'],
});

export const getEstimate = defineOperation({
  id: 'getEstimate',
  method: 'GET',
  path: '/estimate/{id}',
  tag,
  summary: 'Reads the estimate of a preview, and reads on until it is good enough',
  roles: READERS,
  responses: { 200: estimateResource },
  problems: ['not-found', 'unavailable'],
});

export const previewOperations = [createPreview, getPreview, deletePreview, getEstimate] as const;
