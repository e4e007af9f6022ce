import { describe, expect, expectTypeOf, test } from 'vitest';
import { governanceApi } from '#functions/governance-api/governance-api.ts';
import { getPermissions } from '#shared/api/operations/governance.ts';
import {
  createSegmentDefinition,
  getSegmentDefinition,
  listSegmentDefinitions,
  patchSegmentDefinition,
} from '#shared/api/operations/segment-definitions.ts';
import { createWriteKey, revokeWriteKey } from '#shared/api/operations/write-keys.ts';
import type { SegmentDefinitionResource } from '#shared/api/segment-definitions.ts';
import { createClient } from '#shared/client/api-client.ts';
import { ApiError } from '#shared/client/api-error.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { MemoryAuditTrail } from '#shared/memory/memory-change-guard.ts';
import { httpEvent, lambdaContext } from '#test/support/http-events.ts';
import { silentTelemetry } from '#test/support/silent-telemetry.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** A client whose requests are answered in turn; the last answer stays. */
function clientOf(...answers: readonly (Response | Error)[]) {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const client = createClient({
    baseUrl: 'https://api.example.com',
    token: async () => 'secret',
    sandbox: 'dev',
    fetch: async (url, init) => {
      sent.push({ url: String(url), init: init ?? {} });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return (answer as Response).clone();
    },
    pause: async (attempt) => {
      pauses.push(attempt);
    },
  });
  return { client, sent, pauses };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const failed = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as ApiError,
  );

test('a call is the operation’s method and address, with parameters where they belong', async () => {
  const { client, sent } = clientOf(json(200, { id: 'x' }, { etag: '"3"', 'x-request-id': 'r' }));
  const body = { description: 'of age' };
  const pathParameters = { id: 'a/b' };

  const answer = await client.call(patchSegmentDefinition, { pathParameters, body, ifMatch: '"2"' });
  await client.call(listSegmentDefinitions, { query: { limit: 5, sort: 'name:asc', page: undefined } });

  expect(answer).toEqual({ status: 200, body: { id: 'x' }, etag: '"3"', requestId: 'r' });
  expect(sent.map(({ url, init }) => `${init.method} ${url}`)).toEqual([
    'PATCH https://api.example.com/data/core/ups/segment/definitions/a%2Fb',
    'GET https://api.example.com/data/core/ups/segment/definitions?limit=5&sort=name%3Aasc',
  ]);
  expect(sent[0]?.init).toMatchObject({
    headers: { authorization: 'Bearer secret', 'x-sandbox-name': 'dev', 'if-match': '"2"' },
    body: '{"description":"of age"}',
  });
});

test('what is sent and answered has the types of the operation', () => {
  const { client } = clientOf(json(200, {}));
  const read = () => client.call(getSegmentDefinition, { pathParameters: { id: 'x' } });
  expectTypeOf(read).returns.resolves.toHaveProperty('body').toEqualTypeOf<SegmentDefinitionResource>();
  // @ts-expect-error: the address needs an id
  const nowhere = () => client.call(getSegmentDefinition, {});
  // @ts-expect-error: a definition has a name
  const nameless = () => client.call(createSegmentDefinition, { body: { expression: {} } });
  expect([nowhere, nameless]).toHaveLength(2);
});

test('an answer without a body is undefined', async () => {
  const { client } = clientOf(new Response(null, { status: 204 }));
  expect(await client.call(revokeWriteKey, { pathParameters: { id: 'x' } })).toMatchObject({ status: 204 });
});

describe('an error', () => {
  test('is the problem that the service answered', async () => {
    const problem = { type: 'urn:shoal:problem:in-use', status: 409, detail: 'used', errors: {}, requestId: 'r' };
    const error = await failed(clientOf(json(409, problem)).client.call(getPermissions, {}));

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 409, code: 'in-use', problem });
  });

  test.each([
    [429, 'too-many-requests'],
    [401, 'unauthorized'],
    [503, 'unavailable'],
    [418, 'unexpected'],
  ])('of API Gateway, %i, has the shape of all else', async (status, code) => {
    const error = await failed(clientOf(json(status, { message: 'Gateway says no' })).client.call(getPermissions, {}));
    expect(error).toMatchObject({ status, code, problem: { detail: 'Gateway says no', status } });
  });

  test('that is a page of somebody in between is told by its status', async () => {
    const page = new Response('<html>', { status: 502 });
    expect(await failed(clientOf(page).client.call(getPermissions, {}))).toMatchObject({ status: 502 });
  });
});

describe('what is refused for the moment', () => {
  const busy = json(503, { message: 'Service Unavailable' });

  test('is asked again, after a pause', async () => {
    const { client, pauses } = clientOf(busy, new TypeError('fetch failed'), json(200, { operations: [] }));
    expect(await client.call(getPermissions, {})).toMatchObject({ status: 200 });
    expect(pauses).toEqual([2, 3]);
  });

  test('is given up after four attempts', async () => {
    const { client, sent } = clientOf(busy);
    expect(await failed(client.call(getPermissions, {}))).toMatchObject({ status: 503 });
    expect(sent).toHaveLength(4);
  });

  test.each([
    [undefined, 1],
    ['key', 4],
  ])('is sent again, if it would do its work twice, only with a key: %s', async (idempotencyKey, attempts) => {
    const { client, sent } = clientOf(busy);
    await failed(client.call(createWriteKey, { body: { name: 'shop' }, idempotencyKey }));
    expect(sent).toHaveLength(attempts);
  });

  test('is not, where the request itself is refused', async () => {
    const { client, sent } = clientOf(json(400, { message: 'no' }));
    await failed(client.call(getPermissions, {}));
    expect(sent).toHaveLength(1);
  });
});

test('the client and a function understand each other', async () => {
  const handler = httpHandler(governanceApi({ audit: new MemoryAuditTrail(), catalogue: [getPermissions] }), {
    telemetry: silentTelemetry(),
  });
  const client = createClient({
    baseUrl: '',
    fetch: async () => {
      const { statusCode, body, headers } = await handler(httpEvent({ route: '/permissions' }), lambdaContext);
      return new Response(body, { status: statusCode ?? 0, headers: headers as Record<string, string> });
    },
  });
  const { body } = await client.call(getPermissions, {});
  expect(body.operations).toEqual(['getPermissions']);
});
