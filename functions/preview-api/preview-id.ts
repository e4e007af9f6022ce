/** The id of a preview as clients of the original know it: base64url of several parts, good for both paths. */
import * as z from 'zod';
import { Problem } from '#shared/api/problem.ts';

/** Only ever one: a preview is never run again under its id. */
export const EXECUTION_ID = 0;

const queryId = z.uuid();

export const previewIdOf = (id: string): string => Buffer.from(`${EXECUTION_ID}:shoal:${id}:0`).toString('base64url');

/** An id that no preview could have is answered as one that none has. */
export function queryIdIn(previewId: string): string {
  const id = queryId.safeParse(Buffer.from(previewId, 'base64url').toString('utf8').split(':')[2]).data;
  if (id === undefined || previewIdOf(id) !== previewId) throw noPreview();
  return id;
}

export const noPreview = () =>
  new Problem(
    'not-found',
    'No preview of this sandbox has this id. They are kept for an hour after they were last read.',
  );
