/** A request as a function gets it from an HTTP API, payload format 2.0, and its answer back as a response. */
import { randomUUID } from 'node:crypto';
import { ACCOUNT } from '../aws-account.ts';
import type { EngineRequest, EngineResponse } from '../engines/listener.ts';
import type { Claims } from './authorizer.ts';

export interface RoutedRequest {
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly claims?: Claims | undefined;
}

const TEXT = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded|[^;]+\+json|[^;]+\+xml))/;

export function toEvent(request: EngineRequest, routed: RoutedRequest): Readonly<Record<string, unknown>> {
  const [rawPath = '/', rawQueryString = ''] = request.url.split('?');
  const { cookie, ...headers } = request.headers;
  const now = Date.now();
  const isText =
    request.headers['content-encoding'] === undefined && TEXT.test(headers['content-type'] ?? 'text/plain');
  const query = joinQuery(rawQueryString);
  return {
    version: '2.0',
    routeKey: routed.routeKey,
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: routed.apiId,
      ...(routed.claims && { authorizer: { jwt: { claims: stringify(routed.claims), scopes: null } } }),
      domainName: headers.host ?? '',
      domainPrefix: routed.apiId,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: routed.routeKey,
      stage: routed.stage,
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(routed.pathParameters).length > 0 && { pathParameters: routed.pathParameters }),
    ...(request.body.length > 0 && { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

function joinQuery(rawQueryString: string): Record<string, string> | undefined {
  if (rawQueryString === '') return undefined;
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    joined[name] = Object.hasOwn(joined, name) ? `${joined[name]},${value}` : value;
  }
  return joined;
}

/** API Gateway passes every claim as text; it prints lists and objects the way Go does. */
function stringify(claims: Claims): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, printClaim(value)]));
}

function printClaim(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printClaim).join(' ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `map[${entries.map(([name, inner]) => `${name}:${printClaim(inner)}`).join(' ')}]`;
}

/** `23/Nov/2026:12:00:00 +0000` */
function commonLogTime(now: number): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}

/** What a function returned: a response if it has a status code, otherwise itself as JSON. */
export function toResponse(result: unknown): EngineResponse {
  if (result === null || typeof result !== 'object' || !('statusCode' in result)) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
  }
  const { statusCode, headers = {}, body = '', isBase64Encoded, cookies } = result as FunctionResponse;
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: Number(statusCode),
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...Object.fromEntries(lowered),
      ...(cookies && { 'set-cookie': [...cookies] }),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

interface FunctionResponse {
  readonly statusCode: number | string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly cookies?: readonly string[];
}
