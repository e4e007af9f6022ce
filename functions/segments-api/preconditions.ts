import { Problem } from '#shared/api/problem.ts';
import { etagOf } from '#shared/api/segment-definitions.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';

/** `If-Match`, when sent, must name the version that is about to be changed. */
export function requireMatch({ headers }: Pick<HttpRequest, 'headers'>, definition: SegmentDefinition): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (tags.includes(etagOf(definition))) return;
  throw new Problem(
    'precondition-failed',
    `The definition is at ${etagOf(definition)}, If-Match names ${wanted}: read it again and repeat the change.`,
  );
}
