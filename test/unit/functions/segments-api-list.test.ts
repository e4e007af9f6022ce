import { describe, expect, test } from 'vitest';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

async function withSegments(count: number) {
  const service = segmentsService();
  for (let number = 1; number <= count; number++) await service.create(segmentBody(`Segment ${number}`));
  return service;
}

const names = (list: { segments: readonly { name: string }[] }) => list.segments.map(({ name }) => name);

test('a list starts with the newest, a hundred at a time', async () => {
  const service = await withSegments(120);
  const list = await service.list();

  expect(list.segments).toHaveLength(100);
  expect(list.segments[0]?.name).toBe('Segment 120');
  expect(list.page).toEqual({
    totalCount: 120,
    totalPages: 2,
    sortField: 'creationTime',
    sort: 'desc',
    pageSize: 100,
    limit: 100,
  });
});

test('a list of nothing has no pages', async () => {
  expect(await segmentsService().list()).toMatchObject({
    segments: [],
    page: { totalCount: 0, totalPages: 0 },
    link: {},
  });
});

test('following the links visits every definition once', async () => {
  const service = await withSegments(7);
  const seen: string[] = [];
  let query: Record<string, string> = { limit: '3', sort: 'name:asc' };
  for (;;) {
    const list = await service.list(query);
    seen.push(...names(list));
    if (list.link.next === undefined) break;
    query = Object.fromEntries(new URL(list.link.next, 'http://localhost').searchParams);
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `Segment ${number}`));
});

test('page counts pages of the limit from 0; start counts definitions and wins', async () => {
  const service = await withSegments(5);
  const sort = 'creationTime:asc';

  expect(names(await service.list({ sort, limit: '2', page: '1' }))).toEqual(['Segment 3', 'Segment 4']);
  expect(names(await service.list({ sort, limit: '2', page: '1', start: '4' }))).toEqual(['Segment 5']);
  expect(names(await service.list({ sort, start: '99' }))).toEqual([]);
});

test('an attribute without an order sorts upwards', async () => {
  const service = await withSegments(3);
  expect(names(await service.list({ sort: 'name' }))).toEqual(['Segment 1', 'Segment 2', 'Segment 3']);
});

describe('a filter on the evaluation method', () => {
  test.each([
    [{ 'evaluationInfo.continuous.enabled': 'true' }, 2],
    [{ 'evaluationInfo.continuous.enabled': 'false' }, 0],
    [{ 'evaluationInfo.batch.enabled': 'true' }, 0],
    [{ 'evaluationInfo.synchronous.enabled': 'true' }, 2],
  ])('%j finds %i of two streaming definitions', async (query, totalCount) => {
    const service = await withSegments(2);
    expect((await service.list(query as unknown as Record<string, string>)).page).toMatchObject({ totalCount });
  });
});

test.each([
  [{ limit: '0' }, '?limit'],
  [{ limit: '501' }, '?limit'],
  [{ limit: 'ten' }, '?limit'],
  [{ start: '-1' }, '?start'],
  [{ sort: 'expression:asc' }, '?sort'],
  [{ sort: 'name:down' }, '?sort'],
  [{ colour: 'red' }, '?colour'],
  [{ 'evaluationInfo.batch.enabled': 'yes' }, '?evaluationInfo.batch.enabled'],
])('%j is 400 and names the parameter', async (query, pointer) => {
  const problem = await problemOf(segmentsService().list(query as unknown as Record<string, string>));
  expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer }] } });
});

test('a list shows its own sandbox only', async () => {
  const service = await withSegments(2);
  const { body } = await service.send({
    routeKey: 'GET /data/core/ups/segment/definitions',
    sandbox: 'dev' as never,
  });
  expect(body).toMatchObject({ segments: [], page: { totalCount: 0 } });
});

describe('a search', () => {
  async function withFolders() {
    const service = segmentsService();
    const make = (name: string, more: Record<string, unknown>) => service.create(segmentBody(name, undefined, more));
    await make('Runners', { folder: 'Sport/Running', tags: ['shoes'], description: 'looked at running shoes' });
    await make('Swimmers', { folder: 'Sport', tags: ['water'] });
    await make('Sportsmen', { folder: 'Sportsmen', lifecycleState: 'draft' });
    await service.create(segmentBody('Rich', 'person.income > 100000'));
    return async (query: Record<string, string>) =>
      (await service.list({ sort: 'name:asc', ...query })).segments.map(({ name }) => name);
  }

  test.each([
    [{ folder: 'Sport' }, ['Runners', 'Swimmers']],
    [{ folder: 'Sport/Running' }, ['Runners']],
    [{ folder: 'Nowhere' }, []],
    [{ tag: 'shoes' }, ['Runners']],
    [{ lifecycleState: 'draft' }, ['Sportsmen']],
    [{ search: 'RUN' }, ['Runners']],
    [{ search: 'shoe looked' }, ['Runners']],
    [{ search: 'income' }, ['Rich']],
    [{ search: 'sport' }, ['Runners', 'Sportsmen', 'Swimmers']],
    [{ search: 'sport', lifecycleState: 'published', tag: 'water' }, ['Swimmers']],
    [{ search: 'nothing like it' }, []],
  ])('%j finds %j', async (query, names) => {
    const find = await withFolders();
    expect(await find(query as unknown as Record<string, string>)).toEqual(names);
  });
});

test.each(['/a', 'a/', 'a//b', ' a', 'a/ b', ''])('%j is no folder', async (folder) => {
  const problem = await problemOf(segmentsService().create(segmentBody('A', undefined, { folder })));
  expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer: '/folder' }] } });
});
