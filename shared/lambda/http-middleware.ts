/**
 * Everything between API Gateway's event (payload format 2.0) and a behaviour: request id, tenancy, body, and what
 * becomes of errors. A behaviour gets an `HttpRequest`, returns an `HttpResponse` and throws a `Problem`.
 */
import type { MiddlewareObj } from '@middy/core';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem, problemBody } from '#shared/api/problem.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { parseJsonBody } from './json-body.ts';
import type { Telemetry } from './telemetry.ts';
import { rolesOf, sandboxesOf, scopesOf, subjectOf } from './token-claims.ts';

export interface HttpRequest {
  /** `GET /data/core/ups/segment/definitions/{id}`: method and template, as the API declares it. */
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** One that the token opens. */
  readonly sandbox: SandboxName;
  readonly roles: readonly string[];
  /** All that the token opens. */
  readonly sandboxes: readonly string[];
  /** Who the token is about. */
  readonly subject: string;
  /** Those of this API in the token. None narrows nothing. */
  readonly scopes: readonly string[];
  readonly requestId: string;
  /** Parsed JSON; `undefined` where none was sent, or the method has none. */
  readonly body: unknown;
}

export interface HttpResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the audit trail: what was changed, and how it was and is. Not answered. */
  readonly change?: Change;
}

export interface Change {
  readonly id: string;
  readonly name?: string;
  readonly note?: string | undefined;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;
type Result = APIGatewayProxyStructuredResultV2;

export interface HttpOptions {
  readonly telemetry: Telemetry;
  readonly bodyBytesMax?: number;
}

const BODY_BYTES_MAX = 1024 * 1024;
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const REQUEST_ID = /^[\w.:-]{1,128}$/;

export function httpHandler(behaviour: (request: HttpRequest) => Promise<HttpResponse>, options: HttpOptions) {
  return middy<Event, Result>()
    .use(problemMiddleware(options.telemetry))
    .handler(async (event) => {
      const { status, body, headers = {} } = await behaviour(requestFrom(event, options));
      return respond(event, status, body, { 'content-type': 'application/json', ...headers });
    });
}

/** A request before anybody has asked who sends it. */
export interface OpenRequest {
  /** `$default` where no route takes it. */
  readonly routeKey: string;
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Not the caller's: no two requests share one. */
  readonly requestId: string;
  /** As it was sent, compressed or not. */
  readonly body: Uint8Array;
}

/** For routes without a token: that a caller may call is for the behaviour to find out. */
export function openHttpHandler(behaviour: (request: OpenRequest) => Promise<HttpResponse>, telemetry: Telemetry) {
  return middy<Event, Result>()
    .use(problemMiddleware(telemetry))
    .handler(async (event) => {
      const { routeKey, headers: sent, requestContext, body: text = '', isBase64Encoded } = event;
      const bytes = Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8');
      const { requestId, http } = requestContext;
      const { method, path } = http;
      const request = { routeKey, method, path, headers: sent, requestId, body: bytes };
      const { status, body, headers = {} } = await behaviour(request);
      return respond(event, status, body, { 'content-type': 'application/json', ...headers });
    });
}

/** Turns what was thrown into an answer: the caller's mistakes in full, ours without a word of how it came about. */
function problemMiddleware({ logger }: Telemetry): MiddlewareObj<Event, Result> {
  return {
    onError: (request) => {
      const { event, error } = request;
      const problem = problemFor(error);
      const summary = { requestId: requestIdOf(event), routeKey: event.routeKey, status: problem.status };
      // The message may quote what the caller sent, so only the code is logged.
      if (problem.status < 500) logger.info('request refused', { ...summary, code: problem.code });
      else logger.error('request failed', { ...summary, error: error as Error });
      const body = problemBody(problem, summary.requestId);
      const headers = { 'content-type': 'application/problem+json', ...(problem.status === 503 && RETRY) };
      request.response = respond(event, problem.status, body, headers);
    },
  };
}

const RETRY = { 'retry-after': '1' };

/** What AWS says when it has no room at the moment; the SDK has tried again by then. */
const NO_ROOM = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'SlowDown',
  'TooManyRequestsException',
]);

function problemFor(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const isBusy = error instanceof Error && NO_ROOM.has(error.name);
  return isBusy
    ? new Problem('unavailable', 'The service has no room for this at the moment: send it again.')
    : new Problem('unexpected', 'The request could not be handled.');
}

function requestFrom(event: Event, { bodyBytesMax = BODY_BYTES_MAX }: HttpOptions): HttpRequest {
  const { headers, requestContext, routeKey, pathParameters = {}, queryStringParameters = {} } = event;
  const claims = requestContext.authorizer?.jwt?.claims ?? {};
  const { method } = requestContext.http;
  const sandboxes = sandboxesOf(claims);
  requireSingle(event.rawQueryString);
  return {
    routeKey,
    pathParameters,
    query: queryStringParameters as Record<string, string>,
    headers,
    sandbox: sandboxFor(headers['x-sandbox-name'] ?? 'prod', sandboxes),
    roles: rolesOf(claims),
    sandboxes,
    subject: subjectOf(claims),
    scopes: scopesOf(claims),
    requestId: requestIdOf(event),
    body: WITH_BODY.has(method) && hasBody(event) ? parseJsonBody(event, bodyBytesMax) : undefined,
  };
}

/** API Gateway joins the values of a repeated parameter by commas, which no longer says that they were several. */
function requireSingle(rawQueryString: string): void {
  const names = [...new URLSearchParams(rawQueryString).keys()];
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  if (repeated.size === 0) return;
  const mistakes = [...repeated].map((name) => ({
    pointer: `?${name}`,
    message: `is given ${names.filter((other) => other === name).length} times: give it once`,
  }));
  throw new Problem('invalid-request', 'The query names a parameter more than once.', { mistakes });
}

const hasBody = ({ body }: Event) => body !== undefined && body !== '';

function sandboxFor(wanted: string, opened: readonly string[]): SandboxName {
  if (opened.includes(wanted)) return wanted as SandboxName;
  throw new Problem(
    'sandbox-forbidden',
    'The sandbox of the x-sandbox-name header (prod without one) is not among those that the token opens.',
  );
}

function requestIdOf({ headers, requestContext }: Event): string {
  const given = headers['x-request-id'];
  return given !== undefined && REQUEST_ID.test(given) ? given : requestContext.requestId;
}

function respond(event: Event, status: number, body: unknown, headers: Record<string, string>): Result {
  return {
    statusCode: status,
    headers: { 'x-request-id': requestIdOf(event), 'cache-control': 'no-store', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}
