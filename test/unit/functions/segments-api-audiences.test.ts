import { describe, expect, test } from 'vitest';
import { audienceList, audienceResource } from '#shared/api/audiences.ts';
import { entityList, namespaceList, taxonomy } from '#shared/api/searches.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

const BASE = '/data/core/ups';

function serviceOf() {
  const service = segmentsService();
  const ask = (route: string, parts: Partial<HttpRequest> = {}) => {
    const [method, path] = route.split(' ');
    return service.send({ ...parts, routeKey: `${method} ${BASE}${path}` });
  };
  const one = async (route: string, id: string, body?: unknown, headers = {}) =>
    audienceResource.parse((await ask(`${route} /audiences/{id}`, { pathParameters: { id }, body, headers })).body);
  return {
    ...service,
    ask,
    one,
    make: async (body: unknown) => audienceResource.parse((await ask('POST /audiences', { body })).body),
    audiences: async (query: Record<string, string> = {}) =>
      audienceList.parse((await ask('GET /audiences', { query })).body),
    entities: async (query: Record<string, string> = {}) =>
      entityList.parse((await ask('GET /search/entities', { query })).body),
    taxonomy: async (query: Record<string, string> = {}) =>
      taxonomy.parse((await ask('GET /search/taxonomy', { query })).body),
  };
}

describe('an audience', () => {
  test('is a definition, with what the original says of audiences', async () => {
    const service = serviceOf();
    const made = await service.make({ ...segmentBody('Adults'), type: 'SegmentDefinition', labels: ['C2'] });

    expect(made).toMatchObject({
      audienceId: made.id,
      type: 'SegmentDefinition',
      namespace: 'AEPSegments',
      originName: 'REAL_TIME_CUSTOMER_PROFILE',
      isSystem: false,
      _etag: '"1"',
      createEpoch: 1001,
      dependents: [],
      dependencies: [],
      labels: ['C2'],
    });
    expect(await service.find(made.id)).toMatchObject({ name: 'Adults', version: 1 });
  });

  test('names those that it asks about and that ask about it, by id and by name', async () => {
    const service = serviceOf();
    const first = await service.make(segmentBody('First'));
    const second = await service.make(segmentBody('Second', 'inSegment("First")'));
    const third = await service.make(segmentBody('Third', `inSegment("${first.id}") and inSegment("Second")`));

    expect(await service.one('GET', first.id)).toMatchObject({ dependents: [second.id, third.id] });
    expect(third.dependencies).toEqual([first.id, second.id]);
    expect(await problemOf(service.ask('DELETE /audiences/{id}', { pathParameters: { id: first.id } }))).toMatchObject({
      status: 409,
      code: 'in-use',
    });
  });

  test('is replaced whole: what is left out is gone, and its state stays', async () => {
    const service = serviceOf();
    const { id } = await service.make(segmentBody('Adults', undefined, { description: 'x', tags: ['a'], folder: 'F' }));

    const replaced = await service.one('PUT', id, { ...segmentBody('Grown-ups', 'person.age >= 21'), audienceId: id });

    expect(replaced).toMatchObject({ name: 'Grown-ups', version: 2, tags: [], lifecycleState: 'published' });
    expect([replaced.description, replaced.folder]).toEqual([undefined, undefined]);
    expect(await problemOf(service.one('PUT', id, { ...segmentBody('A'), audienceId: 'x' }))).toMatchObject({
      status: 400,
    });
  });

  test('is changed by a JSON Patch, whole or not at all', async () => {
    const service = serviceOf();
    const { id } = await service.make(segmentBody('Adults', undefined, { tags: ['a'], description: 'x' }));
    const patched = await service.one('PATCH', id, [
      { op: 'test', path: '/name', value: 'Adults' },
      { op: 'add', path: '/tags/-', value: 'b' },
      { op: 'remove', path: '/description' },
      { op: 'replace', path: '/expression/value', value: 'person.age >= 21' },
    ]);
    expect(patched).toMatchObject({ version: 2, tags: ['a', 'b'], expression: { value: 'person.age >= 21' } });
    expect(patched.description).toBeUndefined();

    const wrong = [
      { op: 'add', path: '/tags/-', value: 'c' },
      { op: 'test', path: '/name', value: 'Somebody else' },
    ];
    const problem = await problemOf(service.one('PATCH', id, wrong));
    expect(problem).toMatchObject({ status: 409, details: { mistakes: [{ pointer: '/1' }] } });
    expect(await service.find(id)).toMatchObject({ version: 2, tags: ['a', 'b'] });
  });

  test.each([
    [[{ op: 'replace', path: '/version', value: 7 }]],
    [[{ op: 'add', path: '/colour', value: 'red' }]],
    [[{ op: 'remove', path: '/name' }]],
    [[{ op: 'replace', path: '/tags', value: 'a' }]],
    [[{ op: 'add', path: '/__proto__/polluted', value: true }]],
    [[{ op: 'increase', path: '/name' }]],
    [[]],
  ])('is not patched into what it can’t be: %j', async (patch) => {
    const service = serviceOf();
    const { id } = await service.make(segmentBody('Adults'));
    expect([400, 409]).toContain((await problemOf(service.one('PATCH', id, patch))).status);
    expect(await service.find(id)).toMatchObject({ version: 1 });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('is guarded by If-Match, and goes with its definition', async () => {
    const service = serviceOf();
    const { id, _etag } = await service.make(segmentBody('Adults'));
    const patch = [{ op: 'add', path: '/description', value: 'x' }];
    await service.one('PATCH', id, patch, { 'if-match': _etag });
    expect(await problemOf(service.one('PATCH', id, patch, { 'if-match': _etag }))).toMatchObject({ status: 412 });
    expect(await service.ask('DELETE /audiences/{id}', { pathParameters: { id } })).toMatchObject({ status: 204 });
    expect(await problemOf(service.one('GET', id))).toMatchObject({ status: 404 });
  });
});

describe('an audience that is uploaded', () => {
  const UPLOADED = {
    audienceId: 'crm-17',
    name: 'From the CRM',
    namespace: 'crm',
    description: 'Last 30 days',
    type: 'ExternalSegment',
    originName: 'CUSTOM_UPLOAD',
    lifecycleState: 'published',
    datasetId: '6254cf3c97f8e31b639fb14d',
    labels: ['core/C1'],
    linkedAudienceRef: { flowId: '4685ea90-d2b6-11ec-9d64-0242ac120002' },
  };

  test('keeps what its uploader says of where it comes from', async () => {
    const service = serviceOf();
    const made = await service.make(UPLOADED);

    expect(made).toMatchObject(UPLOADED);
    expect(made.id).not.toBe('crm-17');
    expect((await service.audiences({ property: 'audienceId==crm-17' })).children).toEqual([
      await service.one('GET', made.id),
    ]);
    const { body } = await service.ask('GET /search/namespaces');
    expect(namespaceList.parse(body).namespaces).toContainEqual({ namespace: 'crm', displayName: 'crm', count: 1 });
  });

  test('is replaced whole, what it says of itself too', async () => {
    const service = serviceOf();
    const { id } = await service.make(UPLOADED);
    const { linkedAudienceRef: _, description: __, ...kept } = UPLOADED;

    const replaced = await service.one('PUT', id, { ...kept, name: 'From the shop', datasetId: 'other' });

    expect(replaced).toMatchObject({ id, name: 'From the shop', audienceId: 'crm-17', datasetId: 'other', version: 2 });
    expect(replaced).not.toHaveProperty('linkedAudienceRef');
    expect(replaced).not.toHaveProperty('description');
    expect(await service.rules()).toMatchObject({ definitions: [{ name: 'From the shop', kind: 'external' }] });
  });

  test('is changed by a JSON Patch of its own fields', async () => {
    const service = serviceOf();
    const { id } = await service.make(UPLOADED);
    const patched = await service.one('PATCH', id, [
      { op: 'replace', path: '/datasetId', value: 'other' },
      { op: 'add', path: '/tags/-', value: 'crm' },
      { op: 'remove', path: '/audienceId' },
    ]);

    expect(patched).toMatchObject({ datasetId: 'other', tags: ['crm'], namespace: 'crm', audienceId: id });
    const same = await service.one('PATCH', id, [{ op: 'test', path: '/namespace', value: 'crm' }]);
    expect(same).toMatchObject({ version: 2 });
  });

  test.each([
    ['PUT', { name: 'A', type: 'ExternalSegment', expression: segmentBody('').expression }, '/expression'],
    ['PUT', { name: 'A', type: 'ExternalSegment', timeZone: 'UTC' }, '/timeZone'],
    ['PUT', { name: 'A', type: 'SegmentDefinition', expression: segmentBody('').expression }, '/type'],
    ['PATCH', [{ op: 'add', path: '/expression', value: segmentBody('').expression }], '/expression'],
    ['PATCH', [{ op: 'add', path: '/mergePolicyId', value: 'x' }], '/mergePolicyId'],
  ])('is not made one with an expression: %s %j', async (method, body, pointer) => {
    const service = serviceOf();
    const { id } = await service.make(UPLOADED);

    const problem = await problemOf(service.one(method, id, body));
    expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer }] } });
    expect(await service.one('GET', id)).toMatchObject({ version: 1 });
  });

  test.each([
    [{ audienceId: 'mine' }, '/audienceId'],
    [{ namespace: 'crm' }, '/namespace'],
    [{ datasetId: 'x' }, '/datasetId'],
  ])('says what one that has an expression can’t: %j', async (said, pointer) => {
    const service = serviceOf();
    const problem = await problemOf(service.make({ ...segmentBody('Adults'), ...said }));
    expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer }] } });
  });
});

test('audiences are listed in pages, by name, description and property', async () => {
  const service = serviceOf();
  for (const name of ['Runners', 'Swimmers', 'Divers'])
    await service.make(segmentBody(name, undefined, { description: `who ${name}` }));
  const names = async (query: Record<string, string>) =>
    (await service.audiences({ sort: 'name:asc', ...query })).children.map(({ name }) => name);

  const first = await service.audiences({ sort: 'name:asc', limit: '2', property: 'type==SegmentDefinition' });
  expect(first._page).toMatchObject({ totalCount: 3, totalPages: 2, start: 0, next: 2 });
  const link = new URLSearchParams(first._links.next?.href.split('?')[1]);
  expect(await names(Object.fromEntries(link))).toEqual(['Swimmers']);
  expect(await names({ name: 'RS' })).toEqual(['Divers', 'Runners', 'Swimmers']);
  expect(await names({ description: 'who run' })).toEqual(['Runners']);
  expect(await names({ property: 'name==Divers' })).toEqual(['Divers']);
  expect(await names({ property: 'type==ExternalSegment' })).toEqual([]);
  expect(await problemOf(service.audiences({ property: 'colour==red' }))).toMatchObject({ status: 400 });
});

describe('a search', () => {
  test('takes the schema by which clients of the original ask', async () => {
    const { ask } = await withFolders();
    const query = { 'schema.name': '_xdm.context.segmentdefinition' };
    expect(await ask('GET /search/namespaces', { query })).toMatchObject({ status: 200 });
    expect(await ask('GET /search/entities', { query })).toMatchObject({ status: 200 });
  });

  async function withFolders() {
    const service = serviceOf();
    await service.make(segmentBody('Runners', undefined, { folder: 'Sport/Running', tags: ['shoes'] }));
    await service.make(segmentBody('Swimmers', undefined, { folder: 'Sport', tags: ['shoes', 'water'] }));
    await service.make(segmentBody('Rich', 'person.income > 100000'));
    return service;
  }

  test('counts by namespace', async () => {
    const { ask } = await withFolders();
    const { body } = await ask('GET /search/namespaces', { query: { s: 'sport' } });
    expect(namespaceList.parse(body).namespaces.map(({ namespace, count }) => [namespace, count])).toEqual([
      ['AEPSegments', 2],
      ['CustomerAudienceUpload', 0],
    ]);
  });

  test('finds folders and audiences by words, and what lies in a folder', async () => {
    const service = await withFolders();
    const names = async (query: Record<string, string>) =>
      (await service.entities(query)).entities.map(({ name }) => name);

    expect(await names({ s: 'run' })).toEqual(['Running', 'Runners']);
    expect(await names({ s: 'income' })).toEqual(['Rich']);
    expect(await names({ entityId: 'folder:Sport' })).toEqual(['Running', 'Swimmers']);
    expect(await names({ namespace: 'CustomerAudienceUpload' })).toEqual([]);
    expect(await names({ limit: '2', page: '1' })).toEqual(['Rich', 'Runners']);
    expect(await problemOf(service.entities({ entityId: 'folder:Nowhere' }))).toMatchObject({ status: 404 });
  });

  test('shows folders and tags, and the way to an audience', async () => {
    const service = await withFolders();
    const runners = (await service.entities({ s: 'Runners' })).entities[0]?.id ?? '';

    const all = await service.taxonomy();
    expect(all.taxonomy.map(({ id }) => id)).toEqual(['folder:Sport', 'folder:Sport/Running']);
    expect(all.tags).toEqual([
      { tag: 'shoes', count: 2 },
      { tag: 'water', count: 1 },
    ]);
    const way = (await service.taxonomy({ entityId: runners })).taxonomy;
    expect(way.map(({ name }) => name)).toEqual(['Sport', 'Running', 'Runners']);
    expect(way[1]).toMatchObject({ parentFolderId: 'folder:Sport' });
  });

  test('sees its own sandbox only', async () => {
    const { ask } = await withFolders();
    const { body } = await ask('GET /search/entities', { sandbox: 'dev' as SandboxName });
    expect(entityList.parse(body).entities).toEqual([]);
  });
});
