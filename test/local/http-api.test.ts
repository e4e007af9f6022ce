/** What a function gets from the HTTP API and what its answer becomes, in payload format 2.0; routes, tokens and CORS. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineRequest } from '#local/engines/listener.ts';
import { toEvent, toResponse } from '#local/http-api/event.ts';
import { findRoute } from '#local/http-api/route.ts';
import { answerApi, type HttpApi } from '#local/http-api/server.ts';
import type { Outcome } from '#local/lambda/execution-environment.ts';
import type { LambdaFunction } from '#local/lambda/function.ts';
import { LocalIssuer } from '#local/oidc-issuer.ts';

const request = (method: string, url: string, more: Partial<EngineRequest> = {}): EngineRequest => ({
  method,
  url,
  headers: {},
  body: Buffer.alloc(0),
  ...more,
});
const routed = { apiId: 'api', stage: '$default', routeKey: 'GET /things/{id}', pathParameters: { id: 'a b' } };

describe('an event', () => {
  test('has the request as payload format 2.0 has it', () => {
    const event = toEvent(
      request('GET', '/things/a%20b?x=1&x=2&y=a%20b', {
        headers: { host: 'localhost:8787', 'user-agent': 'test', cookie: 'a=1; b=2', 'x-many': 'one,two' },
      }),
      routed,
    );

    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /things/{id}',
      rawPath: '/things/a%20b',
      rawQueryString: 'x=1&x=2&y=a%20b',
      cookies: ['a=1', 'b=2'],
      headers: { host: 'localhost:8787', 'x-many': 'one,two' },
      queryStringParameters: { x: '1,2', y: 'a b' },
      pathParameters: { id: 'a b' },
      requestContext: {
        apiId: 'api',
        stage: '$default',
        http: { method: 'GET', path: '/things/a%20b', sourceIp: '127.0.0.1', userAgent: 'test' },
      },
      isBase64Encoded: false,
    });
    expect(event).not.toHaveProperty('body');
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('has claims as text, lists in brackets', () => {
    const claims = {
      sub: 'me',
      sandboxes: ['prod', 'dev'],
      exp: 1_795_000_000,
      isAdmin: true,
      more: { b: 1, a: ['x'] },
    };

    const { requestContext } = toEvent(request('GET', '/'), { ...routed, claims }) as {
      requestContext: { authorizer: { jwt: { claims: unknown } } };
    };

    expect(requestContext.authorizer.jwt.claims).toEqual({
      sub: 'me',
      sandboxes: '[prod dev]',
      exp: '1795000000',
      isAdmin: 'true',
      more: 'map[a:[x] b:1]',
    });
  });

  test.each([
    ['application/json', '{"a":1}', false],
    ['application/problem+json; charset=utf-8', '{"a":1}', false],
    ['application/octet-stream', Buffer.from('{"a":1}').toString('base64'), true],
  ])('has a body of %s as text or as base64', (type, body, isBase64Encoded) => {
    const event = toEvent(
      request('POST', '/', { headers: { 'content-type': type }, body: Buffer.from('{"a":1}') }),
      routed,
    );

    expect(event).toMatchObject({ body, isBase64Encoded });
  });
});

test.each<[string, unknown, object]>([
  [
    'with a status code',
    { statusCode: 201, headers: { Location: '/x', 'X-Count': 2 }, body: 'made', cookies: ['a=1', 'b=2'] },
    { status: 201, headers: { location: '/x', 'x-count': '2', 'set-cookie': ['a=1', 'b=2'] }, body: 'made' },
  ],
  ['without one', { a: 1 }, { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":1}' }],
  ['in base64', { statusCode: 200, body: 'aGk=', isBase64Encoded: true }, { status: 200, body: Buffer.from('hi') }],
])('a result %s becomes a response', (_, result, response) => {
  expect(toResponse(result)).toMatchObject(response);
});

test.each([
  ['GET', '/things', 'GET /things'],
  ['GET', '/things/7', 'GET /things/{id}'],
  ['GET', '/things/special', 'GET /things/special'],
  ['GET', '/things/7/parts/8', 'ANY /things/{proxy+}'],
  ['PUT', '/things/7', 'ANY /things/{proxy+}'],
  ['GET', '/other', undefined],
])('%s %s is taken by %s', (method, path, expected) => {
  const keys = ['ANY /things/{proxy+}', 'GET /things/{id}', 'GET /things/special', 'GET /things'];

  const match = findRoute(
    keys.map((key) => ({ key, target: undefined })),
    method,
    path,
  );

  expect(match?.route.key).toBe(expected);
});

describe('an API', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-issuer-'));
  const ISSUER = 'https://issuer.example.com';
  let issuer: LocalIssuer;
  beforeAll(async () => {
    issuer = await LocalIssuer.open(join(folder, 'key.json'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const who = { subject: 'me', sandboxes: ['prod'], roles: ['viewer'] };
  const succeeding: Outcome = { ok: true, requestId: 'r', result: { statusCode: 200, body: 'fine' } };

  function apiOf(outcome: Outcome | undefined, more: Partial<HttpApi> = {}): HttpApi {
    const target = { invoke: () => outcome ?? new Promise(() => {}) } as unknown as LambdaFunction;
    const authorizer = { issuer: ISSUER, audience: ['shoal'], identitySource: '$request.header.Authorization' };
    const routes = [{ key: 'GET /things', target: { target, timeoutMs: 50, authorizer, scopes: [] } }];
    return { id: 'api', stage: '$default', routes, cors: undefined, ...more };
  }

  const ask = async (api: HttpApi, token: string | undefined, path = '/things') => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await answerApi(api, issuer, request('GET', path, { headers }))).status;
  };

  test('lets in a token of its issuer for its audience, and no other', async () => {
    const api = apiOf(succeeding);

    expect(await ask(api, await issuer.mint(who, ISSUER, 'shoal'))).toBe(200);
    expect(await ask(api, await issuer.mint(who, 'https://other.example.com', 'shoal'))).toBe(401);
    expect(await ask(api, await issuer.mint(who, ISSUER, 'other'))).toBe(401);
    expect(await ask(api, undefined)).toBe(401);
  });

  test('does not let in a token that another key signed', async () => {
    const stranger = await LocalIssuer.open(join(folder, 'stranger.json'));

    expect(await ask(apiOf(succeeding), await stranger.mint(who, ISSUER, 'shoal'))).toBe(401);
  });

  test('answers 500 for an error of the function, 503 when it takes too long, 404 without a route', async () => {
    const token = await issuer.mint(who, ISSUER, 'shoal');
    const error = { errorType: 'Error', errorMessage: 'broken', trace: [] };

    expect(await ask(apiOf({ ok: false, requestId: 'r', error }), token)).toBe(500);
    expect(await ask(apiOf(undefined), token)).toBe(503);
    expect(await ask(apiOf(succeeding), token, '/nothing')).toBe(404);
  });

  test('asks for one of the scopes of a route', async () => {
    const [route] = apiOf(succeeding).routes;
    const routes = route ? [{ ...route, target: { ...route.target, scopes: ['write'] } }] : [];

    expect(await ask(apiOf(succeeding, { routes }), await issuer.mint(who, ISSUER, 'shoal'))).toBe(403);
  });

  test('answers a preflight itself, and adds its headers to every answer', async () => {
    const api = apiOf(succeeding, { cors: { AllowOrigins: ['https://console.example.com'], AllowMethods: ['GET'] } });
    const origin = 'https://console.example.com';
    const preflight = { origin, 'access-control-request-method': 'GET' };

    const allowed = await answerApi(api, issuer, request('OPTIONS', '/things', { headers: preflight }));
    const refused = await answerApi(api, issuer, request('GET', '/things', { headers: { origin } }));

    expect(allowed).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-methods': 'GET' },
    });
    expect(refused).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': origin } });
  });
});
