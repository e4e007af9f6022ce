import { expect, test } from 'vitest';
import { describeApi } from '#functions/describe-api/describe-api.ts';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { problemOf } from '#test/support/segments-service.ts';

const document = { openapi: '3.1.0' };
const ask = (method: string, path: string, routeKey = '$default') =>
  describeApi({ catalogue: CATALOGUE, document: () => document })({
    routeKey,
    method,
    path,
    headers: {},
    requestId: 'request-1',
    body: new Uint8Array(),
  });

test.each(['/openapi.json', '/data/core/ups/openapi.json'])('%s is the description', async (path) => {
  expect(await ask('GET', path, `GET ${path}`)).toMatchObject({ status: 200, body: document });
});

test.each(['/', '/data/core/ups/segments', '/data/core/ups/segment/definitions/a/b/c'])(
  'an address that no operation has is 404: %s',
  async (path) => {
    expect(await problemOf(ask('GET', path))).toMatchObject({ status: 404, code: 'not-found' });
  },
);

test('a method that an address does not take is 405 and names those that it takes', async () => {
  const problem = await problemOf(ask('PUT', '/data/core/ups/segment/definitions/some-id'));

  expect(problem).toMatchObject({ status: 405, code: 'method-not-allowed' });
  expect(problem.message).toMatch(/takes GET, PATCH, DELETE, not PUT/);
});
