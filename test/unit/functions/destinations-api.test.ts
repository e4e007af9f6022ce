import { expect, test } from 'vitest';
import { failed } from '#shared/activation/delivery.ts';
import { DESTINATIONS_PER_SANDBOX_MAX } from '#shared/activation/destination.ts';
import { destinationsService, webhook } from '#test/support/destinations.ts';
import { problemOf } from '#test/support/segments-service.ts';

type Service = ReturnType<typeof destinationsService>;
interface Answer {
  readonly id: string;
  readonly signingSecret?: { readonly keyId: string; readonly secret: string };
  readonly signingKeys: readonly { readonly keyId: string }[];
}
const make = async (service: Service, more: object = {}) =>
  (await service.send('POST ', { body: webhook(more) })).body as Answer;
const at = (id: string, more: object = {}) => ({ pathParameters: { id }, ...more });

test('the secret of a webhook is in the answer that made it, and in no other, nor in the audit trail', async () => {
  const service = destinationsService();
  const { id, signingSecret } = await make(service);
  expect(signingSecret?.secret).toBe('a-secret-that-nobody-guesses');

  const seen = JSON.stringify([
    await service.send('GET /{id}', at(id)),
    await service.send('GET '),
    await service.send('PATCH /{id}', at(id, { body: { name: 'Other' } })),
    await service.guard.audit.list('prod' as never, { limit: 50 } as never),
    await service.destinations.find('prod', id),
  ]);
  expect(seen).toContain(signingSecret?.keyId);
  expect(seen).not.toContain(signingSecret?.secret);
  expect(JSON.stringify(await service.send('GET /{id}', at(id)))).not.toContain('sealed');
});

test('a rotation puts a new key first and keeps the one before; the next one drops the oldest', async () => {
  const service = destinationsService();
  const first = await make(service);
  const rotate = async () => (await service.send('POST /{id}/secrets', at(first.id))).body as Answer;
  const second = await rotate();
  const third = await rotate();

  const keys = (answer: Answer) => answer.signingKeys.map(({ keyId }) => keyId);
  expect(keys(second)).toEqual([second.signingSecret?.keyId, first.signingSecret?.keyId]);
  expect(keys(third)).toEqual([third.signingSecret?.keyId, second.signingSecret?.keyId]);
});

test.each([
  ['http://example.com/', /must begin with https/],
  ['https://127.0.0.1/', /no address of the public internet/],
  ['https://169.254.169.254/latest/meta-data', /169\.254\.169\.254/],
  ['https://[::ffff:10.0.0.1]/', /no address of the public internet/],
  ['https://localhost/', /this machine itself/],
  ['https://user:secret@example.com/', /must not hold a user/],
])('a webhook at %s is refused', async (url, said) => {
  const problem = await problemOf(
    destinationsService().send('POST ', { body: webhook({ target: { kind: 'webhook', url } }) }),
  );

  expect(problem).toMatchObject({ code: 'invalid-request' });
  expect(problem.details.mistakes?.[0]).toMatchObject({ pointer: '/target/url', message: expect.stringMatching(said) });
});

test.each([
  [{ kind: 'kinesis', streamName: 'theirs' }, '/target/streamName', /destinationStreams allows: allowed/],
  [{ kind: 'sqs', queueName: 'theirs' }, '/target/queueName', /destinationQueues allows: allowed/],
])('a target %j that the stage does not allow is refused by that setting', async (target, pointer, said) => {
  const problem = await problemOf(destinationsService().send('POST ', { body: webhook({ target }) }));

  expect(problem.details.mistakes).toEqual([{ pointer, message: expect.stringMatching(said) }]);
});

test('a segment or merge policy that nobody published is named', async () => {
  const body = webhook({ segments: ['s1', 'gone'], mergePolicyId: 'none' });
  const problem = await problemOf(destinationsService().send('POST ', { body }));

  expect(problem.details.mistakes?.map(({ pointer }) => pointer)).toEqual(['/segments/1', '/mergePolicyId']);
});

test('a field whose label forbids the use blocks the destination, naming field, label and segment', async () => {
  const service = destinationsService({ s1: 'person.age > 1', s2: 'inSegment("s1")' });
  const extension = {
    properties: {
      shoeSize: { 'meta:labels': ['C2'] },
      person: { properties: { age: { 'meta:labels': ['C4'] } } },
    },
  };
  await service.schemas.put('prod' as never, { name: 'profile', version: 1, extension, updateTime: 0 });
  const ask = (more: object) => service.send('POST ', { body: webhook(more) });

  const shown = await problemOf(ask({ attributes: ['person.name', 'shoeSize'] }));
  expect(shown).toMatchObject({ code: 'field-restricted', status: 422 });
  expect(shown.details.mistakes).toEqual([
    { pointer: '/attributes/1', message: expect.stringMatching(/^shoeSize.*C2/) },
  ]);
  const read = await problemOf(ask({ segments: ['s2'], marketingActions: ['emailTargeting'] }));
  expect(read.details.mistakes).toEqual([
    { pointer: '/segments/0', message: expect.stringMatching(/The s2.*person\.age.*C4/) },
  ]);
  // Inside the account nobody else sees it.
  expect(await ask({ target: { kind: 'files' }, attributes: ['shoeSize'] })).toMatchObject({ status: 201 });
});

test('identities are shown by namespace only, never as an attribute', async () => {
  const problem = await problemOf(
    destinationsService().send('POST ', { body: webhook({ attributes: ['identityMap.Email'] }) }),
  );

  expect(problem.details.mistakes?.[0]?.message).toMatch(/identityNamespaces/);
});

test('another version than If-Match names is neither changed nor deleted', async () => {
  const service = destinationsService();
  const { id } = await make(service);
  const stale = at(id, { headers: { 'if-match': '"7"' }, body: { name: 'x' } });

  expect(await problemOf(service.send('PATCH /{id}', stale))).toMatchObject({ code: 'precondition-failed' });
  expect(await problemOf(service.send('DELETE /{id}', stale))).toMatchObject({ code: 'precondition-failed' });
  const right = at(id, { headers: { 'if-match': '"1"' } });
  expect(await service.send('DELETE /{id}', right)).toMatchObject({ status: 204 });
  expect(await problemOf(service.send('GET /{id}', at(id)))).toMatchObject({ code: 'not-found' });
  expect(await service.lanes.list('prod', id)).toEqual([]);
});

test('names are unique, kinds are for good, and a sandbox has so many destinations', async () => {
  const service = destinationsService();
  const { id } = await make(service);
  expect(await problemOf(service.send('POST ', { body: webhook() }))).toMatchObject({ code: 'name-in-use' });
  const files = at(id, { body: { target: { kind: 'files' } } });
  expect((await problemOf(service.send('PATCH /{id}', files))).details.mistakes?.[0]?.pointer).toBe('/target/kind');
  for (let n = 1; n < DESTINATIONS_PER_SANDBOX_MAX; n++) await make(service, { name: `CRM ${n}` });
  const more = webhook({ name: 'one more' });
  expect(await problemOf(service.send('POST ', { body: more }))).toMatchObject({ code: 'limit-reached' });
});

test('a test says what came of it, and holds nothing of anybody', async () => {
  const service = destinationsService();
  const { id } = await make(service);
  expect((await service.send('POST /{id}/test', at(id))).body).toMatchObject({ delivered: true, status: 200 });
  expect(service.received[0]?.events).toMatchObject([{ type: 'shoal.destination.test', data: { destinationId: id } }]);
  service.world.answer = () => failed('answered 503');

  expect((await service.send('POST /{id}/test', at(id))).body).toMatchObject({
    delivered: false,
    reason: 'answered 503',
  });
});

test('publishers set destinations up, operators redrive, others only look', async () => {
  const service = destinationsService();
  const { id } = await make(service);
  const as = (route: string, role: string, more: object = {}) =>
    service.send(route, at(id, { roles: [role], ...more }));

  expect(await as('GET /{id}/deliveries', 'viewer')).toMatchObject({ status: 200 });
  for (const route of ['DELETE /{id}', 'POST /{id}/secrets', 'POST /{id}/test']) {
    expect(await problemOf(as(route, 'author'))).toMatchObject({ code: 'role-forbidden' });
  }
  expect(await problemOf(as('POST /{id}/redrive', 'publisher', { body: {} }))).toMatchObject({
    code: 'role-forbidden',
  });
  expect(await problemOf(as('POST /{id}/redrive', 'operator', { body: { batchIds: ['none'] } }))).toMatchObject({
    code: 'not-found',
  });
});

test('another sandbox has nothing at the address', async () => {
  const service = destinationsService();
  const { id } = await make(service);

  expect(await problemOf(service.send('GET /{id}', at(id, { sandbox: 'test' })))).toMatchObject({ code: 'not-found' });
});
