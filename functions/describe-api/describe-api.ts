/** The description of the API, and the answer to whatever is no operation of it: both for everybody. */
import { fullPathOf, type Operation, routeKeyOf } from '#shared/api/operation.ts';
import { descriptionOperations } from '#shared/api/operations/description.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpResponse, OpenRequest } from '#shared/lambda/http-middleware.ts';

export interface DescribePorts {
  readonly catalogue: readonly Operation[];
  readonly document: () => unknown;
}

const ROUTES = new Set(descriptionOperations.map(routeKeyOf));
/** The same for everybody until the next deployment. */
const HEADERS = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' };

export const describeApi =
  ({ catalogue, document }: DescribePorts) =>
  async ({ routeKey, method, path }: OpenRequest): Promise<HttpResponse> => {
    if (ROUTES.has(routeKey)) return { status: 200, body: document(), headers: HEADERS };
    const methods = catalogue.filter((operation) => matches(operation, path)).map((operation) => operation.method);
    if (methods.length === 0) throw new Problem('not-found', 'No operation has this address: see /openapi.json.');
    throw new Problem('method-not-allowed', `This address takes ${methods.join(', ')}, not ${method}.`);
  };

function matches(operation: Operation, path: string): boolean {
  const wanted = fullPathOf(operation).split('/');
  const given = path.split('/');
  return given.length === wanted.length && wanted.every((part, at) => part.startsWith('{') || part === given[at]);
}
