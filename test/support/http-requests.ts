import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';

/** What a behaviour gets once the edge has done its work. */
export function httpRequest(parts: Partial<HttpRequest> = {}): HttpRequest {
  return {
    routeKey: 'GET /data/core/ups/changes',
    pathParameters: {},
    query: {},
    headers: {},
    sandbox: 'prod' as SandboxName,
    roles: [],
    sandboxes: ['prod'],
    subject: 'somebody',
    scopes: [],
    requestId: 'request-1',
    body: undefined,
    ...parts,
  };
}
