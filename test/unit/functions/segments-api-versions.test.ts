import { describe, expect, test } from 'vitest';
import { segmentDefinitionResource } from '#shared/api/segment-definitions.ts';
import { draftResource, versionDifferences, versionList } from '#shared/api/segment-versions.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { memoryGuard } from '#test/support/change-guards.ts';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

const BASE = '/data/core/ups/segment/definitions/{id}';

function serviceOf() {
  const guard = memoryGuard();
  const service = segmentsService({ guard });
  const ask = (route: string, id: string, parts: Partial<HttpRequest> = {}) => {
    const [method, path = ''] = route.split(' ');
    const pathParameters = { id, ...parts.pathParameters };
    return service.send({ ...parts, routeKey: `${method} ${BASE}${path}`, pathParameters });
  };
  return {
    ...service,
    guard,
    ask,
    versions: async (id: string, query: Record<string, string> = {}) =>
      versionList.parse((await ask('GET /versions', id, { query })).body),
    rollBack: async (id: string, body: unknown, parts: Partial<HttpRequest> = {}) =>
      segmentDefinitionResource.parse((await ask('POST /rollback', id, { body, ...parts })).body),
    draft: async (id: string) => draftResource.parse((await ask('GET /draft', id)).body),
    save: async (id: string, body: unknown, parts: Partial<HttpRequest> = {}) =>
      draftResource.parse((await ask('PUT /draft', id, { body, ...parts })).body),
    publish: async (id: string, body: unknown = {}, parts: Partial<HttpRequest> = {}) =>
      segmentDefinitionResource.parse((await ask('POST /draft/publish', id, { body, ...parts })).body),
  };
}

const rule = (value: string) => segmentBody('', value).expression;

describe('versions', () => {
  test('say who made them, when, why, and what changed from the one before', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'), { subject: 'ann' });
    await service.patch(id, { expression: rule('person.age >= 21'), note: 'New law' }, { subject: 'ben' });

    const { versions, next } = await service.versions(id);

    expect(next).toBeNull();
    expect(versions).toMatchObject([
      {
        version: 2,
        updatedBy: 'ben',
        note: 'New law',
        differences: [{ path: '/expression/value', before: 'person.age >= 18', after: 'person.age >= 21' }],
      },
      { version: 1, updatedBy: 'ann', differences: [] },
    ]);
    expect(await service.find(id)).toMatchObject({ createdBy: 'ann', updatedBy: 'ben', note: 'New law' });
  });

  test('come in pages, each with its differences', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    for (const description of ['a', 'b', 'c', 'd']) await service.patch(id, { description });

    const first = await service.versions(id, { limit: '2' });
    const second = await service.versions(id, { limit: '2', after: String(first.next) });
    const third = await service.versions(id, { limit: '2', after: String(second.next) });

    expect([first, second, third].map(({ versions }) => versions.map(({ version }) => version))).toEqual([
      [5, 4],
      [3, 2],
      [1],
    ]);
    expect(second.versions[1]?.differences).toEqual([{ path: '/description', after: 'a' }]);
    expect(third.next).toBeNull();
  });

  test('are read by number, also when the definition is gone', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.patch(id, { description: 'of age' });
    await service.remove(id);

    const { body } = await service.ask('GET /versions/{version}', id, { pathParameters: { version: '1' } });
    expect(body).toMatchObject({ name: 'Adults', version: 1 });
    expect((await service.versions(id)).versions).toHaveLength(2);
  });

  test('are compared with any other', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.patch(id, { description: 'of age' });
    await service.patch(id, { name: 'Grown-ups' });
    const compare = async (version: string, query: Record<string, string> = {}) =>
      versionDifferences.parse(
        (await service.ask('GET /versions/{version}/differences', id, { pathParameters: { version }, query })).body,
      );

    expect(await compare('3')).toEqual({
      from: 2,
      to: 3,
      differences: [{ path: '/name', before: 'Adults', after: 'Grown-ups' }],
    });
    expect((await compare('1', { from: '3' })).differences).toEqual([
      { path: '/name', before: 'Grown-ups', after: 'Adults' },
      { path: '/description', before: 'of age' },
    ]);
  });

  test.each(['0', '7', 'x', '1e1', '-1', '01', '9999999'])('that were never made are 404: %s', async (version) => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    const call = service.ask('GET /versions/{version}', id, { pathParameters: { version } });
    expect(await problemOf(call)).toMatchObject({ status: 404 });
  });

  test('of another sandbox are not seen', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    const other = { sandbox: 'dev' as SandboxName };
    expect(await problemOf(service.ask('GET /versions', id, other))).toMatchObject({ status: 404 });
    expect(await problemOf(service.rollBack(id, { version: 1 }, other))).toMatchObject({ status: 404 });
  });
});

describe('a rollback', () => {
  test('makes the next version of an earlier one, and evaluators follow', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults', undefined, { timeZone: 'Asia/Seoul', tags: ['a'] }));
    await service.patch(id, { expression: rule('person.age >= 21'), timeZone: null, description: 'x', tags: [] });

    const back = await service.rollBack(id, { version: 1 });

    expect(back).toMatchObject({ version: 3, timeZone: 'Asia/Seoul', tags: ['a'], note: 'Back to version 1' });
    expect(back.description).toBeUndefined();
    expect((await service.rules())?.definitions).toMatchObject([{ version: 3, expression: 'person.age >= 18' }]);
  });

  test('leaves it live or not, as it is', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.patch(id, { lifecycleState: 'inactive' });
    expect(await service.rollBack(id, { version: 1 })).toMatchObject({ lifecycleState: 'inactive', version: 2 });
  });

  test('to a name that is somebody else’s by now is 422', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.patch(id, { name: 'Grown-ups' });
    await service.create(segmentBody('Adults'));
    expect(await problemOf(service.rollBack(id, { version: 1 }))).toMatchObject({ status: 422, code: 'name-in-use' });
  });

  test('is guarded by If-Match', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    const call = service.rollBack(id, { version: 1 }, { headers: { 'if-match': '"9"' } });
    expect(await problemOf(call)).toMatchObject({ status: 412 });
  });
});

describe('a draft beside a definition', () => {
  test('changes nothing of it until it is published, then all of it at once', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults', undefined, { description: 'of age' }));

    const draft = await service.save(id, { expression: rule('person.age >= 21'), description: null });
    expect(await service.find(id)).toMatchObject({ version: 1, description: 'of age' });
    expect(draft).toMatchObject({ revision: 1, basedOnVersion: 1, currentVersion: 1, diagnostics: [] });
    expect(draft.differences.map(({ path }) => path)).toEqual(['/description', '/expression/value']);

    const published = await service.publish(id, { note: 'New law' });
    expect(published).toMatchObject({ version: 2, note: 'New law', expression: { value: 'person.age >= 21' } });
    expect(published.description).toBeUndefined();
    expect(await problemOf(service.draft(id))).toMatchObject({ status: 404 });
    expect((await service.rules())?.definitions).toMatchObject([{ version: 2 }]);
  });

  test('is kept with its mistakes, which it says, and is not published with them', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));

    const draft = await service.save(id, { expression: rule('person.age >= ') });

    expect(draft.diagnostics).toMatchObject([{ code: 'PQL2001', start: 14 }]);
    expect(await problemOf(service.publish(id))).toMatchObject({ code: 'invalid-expression' });
    expect(await service.draft(id)).toMatchObject({ revision: 1 });
  });

  test('that was begun on an older version is not laid over a newer one', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.save(id, { description: 'of age' });
    await service.patch(id, { expression: rule('person.age >= 21') });

    const problem = await problemOf(service.publish(id));
    expect(problem).toMatchObject({ status: 412, code: 'precondition-failed' });
    expect(problem.message).toContain('/versions/2/differences?from=1');
    expect(await service.draft(id)).toMatchObject({ basedOnVersion: 1, currentVersion: 2 });

    await service.save(id, { description: 'of age', basedOnVersion: 2 });
    expect(await service.publish(id)).toMatchObject({ version: 3, expression: { value: 'person.age >= 21' } });
  });

  test('of two that are saved at once by the same tag keeps one', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.save(id, { description: 'first' });
    const headers = { 'if-match': '"draft-1"' };

    expect(await service.save(id, { description: 'second' }, { headers })).toMatchObject({ revision: 2 });
    const late = service.save(id, { description: 'third' }, { headers });
    expect(await problemOf(late)).toMatchObject({ status: 412 });
    expect(await service.draft(id)).toMatchObject({ description: 'second' });
  });

  test('makes a definition that is a draft itself live', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults', undefined, { lifecycleState: 'draft' }));
    await service.save(id, {});
    expect(await service.publish(id)).toMatchObject({ lifecycleState: 'published', version: 2 });
  });

  test('that changes nothing is published all the same, and gone', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.save(id, {});
    expect(await service.publish(id)).toMatchObject({ version: 1 });
    expect(await problemOf(service.draft(id))).toMatchObject({ status: 404 });
  });

  test('is dropped, and goes with its definition', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults'));
    await service.save(id, { description: 'x' });
    expect(await service.ask('DELETE /draft', id)).toMatchObject({ status: 204 });
    expect(await problemOf(service.ask('DELETE /draft', id))).toMatchObject({ status: 404 });

    await service.save(id, { description: 'x' });
    await service.remove(id);
    expect(await service.ports.segments.findDraft('prod' as SandboxName, id as never)).toBeUndefined();
  });
});

describe('an author', () => {
  const author = { roles: ['author'] };

  test('creates and changes drafts, and saves drafts beside what is live', async () => {
    const service = serviceOf();
    const { id } = await service.create(segmentBody('Adults', undefined, { lifecycleState: 'draft' }), author);
    expect(await service.patch(id, { description: 'of age' }, author)).toMatchObject({ version: 2 });
    await service.patch(id, { lifecycleState: 'published' });
    expect(await service.save(id, { description: 'x' }, author)).toMatchObject({ revision: 1 });
  });

  test('changes nothing that is live, and publishes nothing', async () => {
    const service = serviceOf();
    const draft = await service.create(segmentBody('Draft', undefined, { lifecycleState: 'draft' }), author);
    const live = await service.create(segmentBody('Adults'));
    await service.save(live.id, { description: 'x' }, author);

    for (const call of [
      service.create(segmentBody('Another'), author),
      service.patch(draft.id, { lifecycleState: 'published' }, author),
      service.patch(live.id, { description: 'x' }, author),
      service.remove(live.id, author),
      service.publish(live.id, {}, author),
    ]) {
      expect(await problemOf(call)).toMatchObject({ status: 403, code: 'role-forbidden' });
    }
    expect(await service.find(live.id)).toEqual(live);
  });
});

test.each([
  ['draft', 'inactive'],
  ['published', 'draft'],
  ['inactive', 'draft'],
])('a definition that is %s does not become %s', async (before, after) => {
  const service = serviceOf();
  const { id } = await service.create(
    segmentBody('A', undefined, before === 'draft' ? { lifecycleState: before } : {}),
  );
  if (before === 'inactive') await service.patch(id, { lifecycleState: before });
  expect(await problemOf(service.patch(id, { lifecycleState: after }))).toMatchObject({
    status: 409,
    code: 'conflict',
  });
});

test('what only the service writes is refused where it is not what it is, each by name', async () => {
  const service = serviceOf();
  const { id, ...created } = await service.create(segmentBody('Adults'));
  const wrong = { version: 7, creationTime: 1, createdBy: 'me', updateEpoch: created.updateEpoch };
  const { status, details } = await problemOf(service.patch(id, wrong));

  expect(status).toBe(400);
  expect(details.mistakes?.map(({ pointer }) => pointer)).toEqual(['/version', '/creationTime', '/createdBy']);
  expect(details.mistakes?.[0]?.message).toContain('it is 1');
});

test('every change stands in the audit trail with its difference', async () => {
  const service = serviceOf();
  const { id } = await service.create(segmentBody('Adults'), { subject: 'ann' });
  await service.patch(id, { tags: ['a'], note: 'why' }, { subject: 'ben' });
  await service.remove(id, { subject: 'cho' });

  const { events } = await service.guard.audit.list('prod' as SandboxName, { limit: 10 });

  expect(events.map(({ subject, operation, status }) => [subject, operation, status])).toEqual([
    ['cho', 'deleteSegmentDefinition', 200],
    ['ben', 'patchSegmentDefinition', 200],
    ['ann', 'createSegmentDefinition', 200],
  ]);
  expect(events[1]).toMatchObject({
    target: { id, name: 'Adults' },
    note: 'why',
    differences: [{ path: '/tags', before: [], after: ['a'] }],
  });
});
