import type { HttpRequest } from '#shared/lambda/http-middleware.ts';

const LENGTH_MAX = 200;

/** As whoever makes something names their organisation: answered with it, and nothing more. */
export function organisationOf({ headers }: Pick<HttpRequest, 'headers'>): { readonly imsOrgId?: string } {
  const named = headers['x-gw-ims-org-id'];
  return named === undefined ? {} : { imsOrgId: named.slice(0, LENGTH_MAX) };
}
