import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ADMINS, AUTHORS, defineOperation, READERS } from '#shared/api/operation.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { type MemoryGuard, memoryGuard } from '#test/support/change-guards.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { problemOf } from '#test/support/segments-service.ts';

const common = { path: '/things/{id}', tag: 'Things', roles: AUTHORS, responses: { 200: z.unknown() }, problems: [] };
const makeThing = defineOperation({ ...common, id: 'makeThing', method: 'POST', summary: 'Makes', body: z.unknown() });
const makeKey = defineOperation({ ...makeThing, id: 'makeKey', path: '/keys/{id}', secretAnswer: true });
const askThing = defineOperation({
  ...makeThing,
  id: 'askThing',
  path: '/ask/{id}',
  effect: 'nothing',
  roles: READERS,
});
const dropThing = defineOperation({ ...common, id: 'dropThing', method: 'DELETE', summary: 'Drops', roles: ADMINS });

let guard: MemoryGuard;
let runs: number;
let behaviour: () => Promise<HttpResponse>;
beforeEach(() => {
  guard = memoryGuard();
  runs = 0;
  behaviour = async () => {
    runs += 1;
    return { status: 200, body: { run: runs }, headers: { etag: '"1"' } };
  };
});

const send = (operation: { method: string; path: string }, parts: Partial<HttpRequest> = {}) => {
  const run = () => behaviour();
  const router = operationRouter(
    [
      [makeThing, run],
      [makeKey, run],
      [askThing, run],
      [dropThing, run],
    ],
    {},
    guard,
  );
  const routeKey = `${operation.method} /data/core/ups${operation.path}`;
  const request = { pathParameters: { id: 'a' }, roles: ['admin'], body: { name: 'x' }, ...parts };
  return router(httpRequest({ ...request, routeKey }));
};
const withKey = (key: string, parts: Partial<HttpRequest> = {}) => ({ ...parts, headers: { 'idempotency-key': key } });
const trail = async (sandbox = 'prod') => (await guard.audit.list(sandbox as SandboxName, { limit: 100 })).events;

describe('a request that comes again with its Idempotency-Key', () => {
  test('is answered as the first was, and does nothing', async () => {
    const first = await send(makeThing, withKey('k'));
    const second = await send(makeThing, withKey('k'));

    expect(second).toEqual({ ...first, headers: { etag: '"1"', 'idempotency-replayed': 'true' } });
    expect(runs).toBe(1);
    expect(await trail()).toHaveLength(1);
  });

  test.each<[string, Partial<HttpRequest>]>([
    ['body', { body: { name: 'y' } }],
    ['address', { pathParameters: { id: 'b' } }],
  ])('but another %s is refused', async (_, other) => {
    await send(makeThing, withKey('k'));
    expect(await problemOf(send(makeThing, withKey('k', other)))).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    });
    expect(runs).toBe(1);
  });

  test.each<[string, Partial<HttpRequest>]>([
    ['somebody else', { subject: 'another' }],
    ['another sandbox', { sandbox: 'dev' as SandboxName }],
  ])('from %s is another request', async (_, other) => {
    await send(makeThing, withKey('k'));
    await send(makeThing, withKey('k', other));
    expect(runs).toBe(2);
  });

  test('while the first is still being worked on is 409', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    behaviour = () => held.then(() => ({ status: 200 }));
    const first = send(makeThing, withKey('k'));

    expect(await problemOf(send(makeThing, withKey('k')))).toMatchObject({ status: 409, code: 'conflict' });
    release();
    expect(await first).toMatchObject({ status: 200 });
  });

  test('after it was refused is tried again', async () => {
    behaviour = () => Promise.reject(new Problem('name-in-use', 'taken'));
    expect(await problemOf(send(makeThing, withKey('k')))).toMatchObject({ status: 422 });
    behaviour = async () => ({ status: 200 });
    expect(await send(makeThing, withKey('k'))).toMatchObject({ status: 200 });
  });

  test('after the function died is tried again a minute later, not before', async () => {
    behaviour = () => Promise.reject(new Error('died'));
    await expect(send(makeThing, withKey('k'))).rejects.toThrow('died');
    behaviour = async () => ({ status: 200 });

    guard.pass(59_999);
    expect(await problemOf(send(makeThing, withKey('k')))).toMatchObject({ status: 409 });
    guard.pass(1);
    expect(await send(makeThing, withKey('k'))).toMatchObject({ status: 200 });
  });

  test('a day later is a new one', async () => {
    await send(makeThing, withKey('k'));
    guard.pass(86_400_000);
    await send(makeThing, withKey('k'));
    expect(runs).toBe(2);
  });

  test('is not given a secret again', async () => {
    await send(makeKey, withKey('k'));
    expect(await problemOf(send(makeKey, withKey('k')))).toMatchObject({ status: 409 });
    expect(runs).toBe(1);
  });

  test('of an operation that changes nothing is simply answered', async () => {
    await send(askThing, withKey('k'));
    await send(askThing, withKey('k', { body: 'other' }));
    expect(runs).toBe(2);
    expect(await trail()).toEqual([]);
  });

  test.each([[''], ['x'.repeat(256)], ['naïve']])('has a key that can be one: %j is refused', async (key) => {
    expect(await problemOf(send(makeThing, withKey(key)))).toMatchObject({ status: 400 });
  });
});

describe('the audit trail', () => {
  test('says who changed what, when, and the difference', async () => {
    const change = { id: 'a', name: 'A', note: 'why', before: { size: 1, kept: true }, after: { size: 2, kept: true } };
    behaviour = async () => ({ status: 200, change });

    expect(await send(makeThing, { subject: 'ann' })).toEqual({ status: 200 });
    expect(await trail()).toEqual([
      {
        id: 'event-000001',
        time: '1970-01-01T00:16:40.000Z',
        subject: 'ann',
        operation: 'makeThing',
        parameters: { id: 'a' },
        requestId: 'request-1',
        status: 200,
        target: { id: 'a', name: 'A' },
        note: 'why',
        differences: [{ path: '/size', before: 1, after: 2 }],
      },
    ]);
  });

  test('names a change of which nobody knows whether it was made', async () => {
    behaviour = () => Promise.reject(new Error('died'));
    await expect(send(dropThing)).rejects.toThrow('died');
    expect(await trail()).toMatchObject([{ operation: 'dropThing', status: null }]);
  });

  test('names an attempt that was refused', async () => {
    behaviour = () => Promise.reject(new Problem('in-use', 'used'));
    await problemOf(send(dropThing));
    expect(await trail()).toMatchObject([{ status: 409 }]);
  });

  test('that can’t be written lets nothing be changed', async () => {
    guard = { ...guard, audit: { write: () => Promise.reject(new Error('no table')) } as never };
    await expect(send(dropThing)).rejects.toThrow('no table');
    expect(runs).toBe(0);
  });

  test('is its sandbox’s own', async () => {
    await send(makeThing);
    expect(await trail('dev')).toEqual([]);
  });
});

describe('a call that its caller may not make', () => {
  test('is 403 and names the roles that may', async () => {
    const problem = await problemOf(send(dropThing, { roles: ['publisher'] }));
    expect(problem).toMatchObject({ status: 403, code: 'role-forbidden', message: 'This needs the role admin.' });
    expect(runs).toBe(0);
  });

  test.each([[[]], [['unknown']]])('by a token of the roles %j is a viewer’s', async (roles) => {
    expect(await send(askThing, { roles })).toMatchObject({ status: 200 });
    expect(await problemOf(send(makeThing, { roles }))).toMatchObject({ status: 403 });
  });

  test.each([
    ['shoal/read', askThing, 200],
    ['shoal/read', makeThing, 403],
    ['shoal/send', makeThing, 403],
    ['shoal/write', makeThing, 200],
    ['shoal/write', askThing, 200],
  ])('with the scope %s alone to %o is %i', async (scope, operation, status) => {
    const call = send(operation, { scopes: [scope] });
    if (status === 200) expect(await call).toMatchObject({ status });
    else expect(await problemOf(call)).toMatchObject({ status, code: 'scope-forbidden' });
  });
});

test('a router without a guard does not stand up over operations that change settings', () => {
  expect(() => operationRouter([[makeThing, () => behaviour()]], {})).toThrow(/makeThing/);
});

test('a query that an operation knows nothing of is refused', async () => {
  expect(await problemOf(send(askThing, { query: { colour: 'red' } }))).toMatchObject({ status: 400 });
});

test('an id longer than any that was given is nobody’s', async () => {
  expect(await send(askThing, { pathParameters: { id: 'x'.repeat(256) } })).toMatchObject({ status: 200 });
  const tooLong = send(askThing, { pathParameters: { id: 'x'.repeat(257) } });
  expect(await problemOf(tooLong)).toMatchObject({ status: 404 });
});

test.each([
  ['"\\ud83d"', 400],
  ['"\\ude00"', 400],
  ['"\\ud83d\\ude00"', 200],
  ['"😀"', 200],
  [String.raw`"\\ud83d"`, 200],
])('a text that holds half a character is refused: %s is %i', async (json, status) => {
  const call = send(askThing, { body: JSON.parse(json) });
  if (status === 200) expect(await call).toMatchObject({ status });
  else expect(await problemOf(call)).toMatchObject({ status, code: 'invalid-request' });
});
