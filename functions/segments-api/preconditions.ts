import { Problem } from '#shared/api/problem.ts';
import { etagOf } from '#shared/api/segment-definitions.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';

/** `If-Match`, when sent, must name the version that is about to be changed. */
export const requireMatch = (request: Pick<HttpRequest, 'headers'>, definition: SegmentDefinition): void =>
  requireTag(request, etagOf(definition), 'definition');

/** `current` is undefined where there is nothing yet: then no tag matches, `*` neither. */
export function requireTag(
  { headers }: Pick<HttpRequest, 'headers'>,
  current: string | undefined,
  what: 'definition' | 'draft',
): void {
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (current !== undefined && (tags.includes('*') || tags.includes(current))) return;
  const state = current === undefined ? `There is no ${what}` : `The ${what} is at ${current}`;
  throw new Problem('precondition-failed', `${state}, If-Match names ${wanted}: read it again and repeat the change.`);
}
