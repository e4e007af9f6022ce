import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import type { RulesResource } from '#shared/segment/rules-resource-store.ts';

/** The entity tag of a setting's current version, as `If-Match` sends it back. */
export const etagOf = ({ version }: Pick<RulesResource, 'version'>): string => `"${version}"`;

/** `If-Match`, when sent, must name the version that is about to be changed. */
export function requireMatch({ headers }: Pick<HttpRequest, 'headers'>, current: RulesResource): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (tags.includes(etagOf(current))) return;
  throw new Problem(
    'precondition-failed',
    `It is at ${etagOf(current)}, If-Match names ${wanted}: read it again and repeat the change.`,
  );
}
