import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';

export interface SentRequest {
  readonly method?: string;
  /** The route as the API declares it, without the base path. */
  readonly route?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** An event of an HTTP API, payload format 2.0, as a test means it: only what the test is about is stated. */
export function httpEvent(request: SentRequest = {}): APIGatewayProxyEventV2WithJWTAuthorizer {
  const { method = 'GET', route = '/changes', pathParameters, query, headers = {}, body } = request;
  const claims = request.claims ?? { sandboxes: '[prod dev]' };
  const withType = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    version: '2.0',
    routeKey: `${method} /data/core/ups${route}`,
    rawPath: `/data/core/ups${route}`,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...withType, ...headers },
    ...(pathParameters ? { pathParameters } : {}),
    ...(query ? { queryStringParameters: query } : {}),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      authorizer: { jwt: { claims, scopes: [] }, principalId: '', integrationLatency: 0 },
      http: { method, path: route, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
    },
  } as unknown as APIGatewayProxyEventV2WithJWTAuthorizer;
}

export const lambdaContext = {
  functionName: 'test',
  awsRequestId: 'invocation-1',
  getRemainingTimeInMillis: () => 30_000,
} as unknown as Context;
