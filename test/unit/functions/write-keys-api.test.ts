import { expect, test } from 'vitest';
import { writeKeysApi } from '#functions/write-keys-api/write-keys-api.ts';
import { createdWriteKey, WRITE_KEYS_PER_SANDBOX_MAX, writeKeyList } from '#shared/api/write-keys.ts';
import { memoryGuard } from '#test/support/change-guards.ts';
import { httpRequest } from '#test/support/http-requests.ts';

const BASE = '/data/core/ups/config/writeKeys';

function service() {
  const stored: { id: string; name: string; createdAt: string; sandbox: string; key: string }[] = [];
  const keys = {
    create: async (sandbox: string, key: string, named: { name: string; createdAt: string }) => {
      const id = `id-${stored.length}`;
      stored.push({ ...named, id, sandbox, key });
      return { ...named, id };
    },
    list: async (sandbox: string) =>
      stored.filter((entry) => entry.sandbox === sandbox).map(({ id, name, createdAt }) => ({ id, name, createdAt })),
    delete: async (sandbox: string, id: string) => {
      const at = stored.findIndex((entry) => entry.sandbox === sandbox && entry.id === id);
      if (at >= 0) stored.splice(at, 1);
      return at >= 0;
    },
  };
  const ports = { keys, newKey: () => `key-${stored.length}`, now: () => 0 };
  const ask = (method: string, parts: Parameters<typeof httpRequest>[0] = {}) => {
    const path = parts.pathParameters ? `${BASE}/{id}` : BASE;
    return writeKeysApi(
      ports,
      memoryGuard(),
    )(httpRequest({ roles: ['operator'], ...parts, routeKey: `${method} ${path}` }));
  };
  return { ask, stored };
}

test('a key is shown once, listed by its id, and revoked by it', async () => {
  const { ask } = service();

  const created = await ask('POST', { body: { name: 'shop' } });
  const { id, writeKey } = createdWriteKey.parse(created.body);
  const listed = await ask('GET');

  expect(created.status).toBe(201);
  expect(writeKeyList.parse(listed.body)).toEqual({
    writeKeys: [{ id, name: 'shop', createdAt: '1970-01-01T00:00:00.000Z' }],
  });
  expect(JSON.stringify(listed.body)).not.toContain(writeKey);
  expect(await ask('DELETE', { pathParameters: { id } })).toEqual({ status: 204 });
  await expect(ask('DELETE', { pathParameters: { id } })).rejects.toMatchObject({ status: 404 });
});

test('a key of another sandbox is neither seen nor revoked', async () => {
  const { ask } = service();
  const other = { sandbox: 'dev' as never };
  const { id } = createdWriteKey.parse((await ask('POST', { ...other, body: { name: 'shop' } })).body);

  expect((await ask('GET')).body).toEqual({ writeKeys: [] });
  await expect(ask('DELETE', { pathParameters: { id } })).rejects.toMatchObject({ status: 404 });
});

test('neither viewers nor authors see or make keys', async () => {
  const { ask } = service();
  for (const method of ['GET', 'POST']) {
    await expect(ask(method, { roles: ['viewer', 'author', 'publisher'] })).rejects.toMatchObject({ status: 403 });
  }
});

test('a sandbox has a limited number of keys, each with a name', async () => {
  const { ask } = service();
  for (let count = 0; count < WRITE_KEYS_PER_SANDBOX_MAX; count++)
    await ask('POST', { body: { name: `shop ${count}` } });

  await expect(ask('POST', { body: { name: 'one more' } })).rejects.toMatchObject({ status: 422 });
  await expect(ask('POST', { body: { name: ' ' } })).rejects.toMatchObject({ status: 400 });
});
