import { describe, expect, test } from 'vitest';
import { Problem } from '#shared/api/problem.ts';
import { type HttpRequest, type HttpResponse, httpHandler } from '#shared/lambda/http-middleware.ts';
import { httpEvent, lambdaContext, type SentRequest } from '#test/support/http-events.ts';
import { silentTelemetry } from '#test/support/silent-telemetry.ts';

type Behaviour = (request: HttpRequest) => Promise<HttpResponse>;

const echo: Behaviour = async ({ sandbox, roles, body }) => ({ status: 200, body: { sandbox, roles, body } });

async function call(sent: SentRequest, behaviour: Behaviour = echo, bodyBytesMax?: number) {
  const telemetry = silentTelemetry();
  const handler = httpHandler(behaviour, { telemetry, ...(bodyBytesMax === undefined ? {} : { bodyBytesMax }) });
  const result = await handler(httpEvent(sent), lambdaContext);
  return { ...result, json: result.body === undefined ? undefined : JSON.parse(result.body), logged: telemetry.logged };
}

describe('the sandbox of a request', () => {
  test('is prod without a header', async () => {
    expect((await call({})).json).toMatchObject({ sandbox: 'prod' });
  });

  test('is the header’s when the token opens it', async () => {
    expect((await call({ headers: { 'x-sandbox-name': 'dev' } })).json).toMatchObject({ sandbox: 'dev' });
  });

  test('that the token does not open is 403', async () => {
    const { statusCode, json } = await call({ headers: { 'x-sandbox-name': 'other' } });

    expect(statusCode).toBe(403);
    expect(json).toMatchObject({ type: 'urn:shoal:problem:sandbox-forbidden', status: 403 });
  });

  test.each([
    ['a list as an HTTP API spells it', { sandboxes: '[a b]' }, 'b'],
    ['words', { sandboxes: 'a b' }, 'a'],
    ['one word', { sandboxes: 'a' }, 'a'],
    ['Cognito groups', { 'cognito:groups': '[viewer sandbox:a]' }, 'a'],
  ])('is read from %s', async (_, claims, sandbox) => {
    const { json } = await call({ claims: claims as Record<string, string>, headers: { 'x-sandbox-name': sandbox } });
    expect(json).toMatchObject({ sandbox });
  });

  test('is closed to a token that names none', async () => {
    expect((await call({ claims: { sub: 'somebody' } })).statusCode).toBe(403);
  });

  test('is closed to a token whose sandboxes claim is empty, whatever its groups say', async () => {
    expect((await call({ claims: { sandboxes: '[]', 'cognito:groups': '[sandbox:prod]' } })).statusCode).toBe(403);
  });

  test('a part of a sandbox’s name opens nothing', async () => {
    expect((await call({ claims: { sandboxes: '[production]' } })).statusCode).toBe(403);
  });
});

test('roles come from their claim, else from the groups that are no sandboxes', async () => {
  const given = await call({ claims: { sandboxes: 'prod', roles: '[author viewer]' } });
  const grouped = await call({ claims: { 'cognito:groups': '[admin sandbox:prod]' } });

  expect(given.json.roles).toEqual(['author', 'viewer']);
  expect(grouped.json.roles).toEqual(['admin']);
});

describe('a body', () => {
  const post = (sent: SentRequest) => call({ method: 'POST', ...sent }, echo, 20);

  test('reaches the behaviour parsed', async () => {
    expect((await post({ body: { a: 1 } })).json.body).toEqual({ a: 1 });
  });

  test('in another type than JSON is 415', async () => {
    expect((await post({ body: 'a=1', headers: { 'content-type': 'text/plain' } })).statusCode).toBe(415);
  });

  test('of a JSON type with parameters is taken', async () => {
    const headers = { 'content-type': 'application/merge-patch+json; charset=utf-8' };
    expect((await post({ body: { a: 1 }, headers })).statusCode).toBe(200);
  });

  test('that is not JSON is 400', async () => {
    expect((await post({ body: '{"a":' })).json).toMatchObject({ status: 400, errors: { 400: [{}] } });
  });

  test.each([
    [20, 200],
    [21, 413],
  ])('of %i bytes where 20 are the limit is %i', async (length, status) => {
    expect((await post({ body: `"${'x'.repeat(length - 2)}"` })).statusCode).toBe(status);
  });
});

describe('a body that nests', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;

  test.each([
    ['200 deep', nested(200), 200],
    ['202 deep', nested(202), 400],
    ['20,000 deep and not closed', '['.repeat(20_000), 400],
    ['brackets within strings only', JSON.stringify({ a: '[{"'.repeat(1000) }), 200],
  ])('%s', async (_, body, status) => {
    expect((await call({ method: 'POST', body })).statusCode).toBe(status);
  });
});

test('a parameter that is given twice is refused by name', async () => {
  const telemetry = silentTelemetry();
  const event = { ...httpEvent({ query: { limit: '1,2' } }), rawQueryString: 'limit=1&a=b&limit=2' };
  const { statusCode, body } = await httpHandler(echo, { telemetry })(event, lambdaContext);

  expect(statusCode).toBe(400);
  expect(JSON.parse(body ?? '').mistakes).toEqual([{ pointer: '?limit', message: 'is given 2 times: give it once' }]);
});

describe('an error', () => {
  const failing = (error: unknown) => call({}, () => Promise.reject(error));

  test('of the caller is problem+json that also carries the original’s errors and requestId', async () => {
    const { statusCode, headers, json } = await failing(new Problem('not-found', 'No definition has this id.'));

    expect(statusCode).toBe(404);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(json).toEqual({
      type: 'urn:shoal:problem:not-found',
      title: 'There is nothing at this address',
      status: 404,
      detail: 'No definition has this id.',
      requestId: 'request-1',
      errors: { 404: [{ code: 'not-found', message: 'No definition has this id.' }] },
    });
  });

  test('of ours is 500 and says nothing of how it came about', async () => {
    const { statusCode, body, logged } = await failing(new Error('secret table name'));

    expect(statusCode).toBe(500);
    expect(body).not.toContain('secret');
    expect(body).not.toContain('.ts');
    expect(logged).toMatchObject([{ level: 'error', message: 'request failed' }]);
  });

  test('of a store that has no room is 503 and says when to come again', async () => {
    const busy = Object.assign(new Error('Rate exceeded for table x'), { name: 'ThrottlingException' });
    const { statusCode, headers, body } = await failing(busy);

    expect(statusCode).toBe(503);
    expect(headers).toMatchObject({ 'retry-after': '1' });
    expect(body).not.toContain('table x');
  });

  test('of the caller is logged without its text, which may quote a person', async () => {
    const { logged } = await failing(new Problem('not-found', 'nobody@example.com is unknown'));
    expect(JSON.stringify(logged)).not.toContain('nobody@example.com');
  });
});

test('x-request-id is answered as it was sent, also in errors', async () => {
  const headers = { 'x-request-id': 'mine-1' };
  const good = await call({ headers });
  const bad = await call({ headers: { ...headers, 'x-sandbox-name': 'other' } });

  expect(good.headers).toMatchObject({ 'x-request-id': 'mine-1' });
  expect(bad.json.requestId).toBe('mine-1');
});

test('a request id that could break a log line is replaced', async () => {
  const { headers } = await call({ headers: { 'x-request-id': 'a\nb' } });
  expect(headers).toMatchObject({ 'x-request-id': 'request-1' });
});
