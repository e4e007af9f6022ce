/** Who makes a change, and whether it may be made by whom. */
import { PUBLISHERS } from '#shared/api/operation.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { hasRole } from '#shared/lambda/operation-router.ts';
import { isPublished, type SegmentDefinition } from '#shared/segment/segment-definition.ts';

export type Author = Pick<HttpRequest, 'subject' | 'roles'>;

/** An author writes drafts; what is live, becomes live or is so no longer, is for those who may publish. */
export function requireMayMake(
  { roles }: Author,
  before: SegmentDefinition | undefined,
  after: SegmentDefinition | undefined,
): void {
  const isLive = isPublished(before) || isPublished(after);
  if (!isLive || hasRole(PUBLISHERS, roles)) return;
  throw new Problem(
    'role-forbidden',
    `This needs the role ${PUBLISHERS.join(' or ')}, because it changes what is live. ` +
      'An author may create a definition with lifecycleState draft, or save a draft beside a published one.',
  );
}
