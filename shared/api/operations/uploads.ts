import { defineOperation, OPERATORS, PUBLISHERS, READERS } from '../operation.ts';
import { createUpload as createBody, uploadList, uploadResource } from '../uploads.ts';

const tag = 'Audiences';
const path = '/audiences/{id}/uploads';
const UPLOADERS = [...new Set([...PUBLISHERS, ...OPERATORS])];

export const listAudienceUploads = defineOperation({
  id: 'listAudienceUploads',
  method: 'GET',
  path,
  tag,
  summary: 'Lists the uploads of an external audience, the newest first',
  roles: READERS,
  responses: { 200: uploadList },
  problems: ['not-found'],
});

export const createAudienceUpload = defineOperation({
  id: 'createAudienceUpload',
  method: 'POST',
  path,
  tag,
  summary: 'Says who belongs to an external audience from now on, each until an instant; all others leave it',
  roles: UPLOADERS,
  body: createBody,
  isHeavy: true,
  responses: { 201: uploadResource },
  problems: ['not-found', 'conflict'],
});

export const getAudienceUpload = defineOperation({
  id: 'getAudienceUpload',
  method: 'GET',
  path: '/audiences/{id}/uploads/{uploadId}',
  tag,
  summary: 'Reads an upload: how far it is, and how many of its identities nobody has',
  roles: READERS,
  responses: { 200: uploadResource },
  problems: ['not-found'],
});

export const uploadOperations = [listAudienceUploads, createAudienceUpload, getAudienceUpload] as const;
