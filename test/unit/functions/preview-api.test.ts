import { beforeEach, describe, expect, test } from 'vitest';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { type PreviewWorld, populate, previewWorld } from '#test/support/preview-world.ts';
import { problemOf } from '#test/support/segments-service.ts';
import { START } from '#test/support/write-path.ts';

const DAY = 86_400_000;
const PEOPLE = 60;
const VIEWED = 'xEvent[eventType = "view"].count() >= 1';

/** Person n is n years old, views n % 3 times, and lives in KR or US. */
const everybody = (person: number) => ({
  attributes: { person: { age: person }, homeAddress: { countryCode: person % 2 === 0 ? 'KR' : 'US' } },
  events: Array.from({ length: person % 3 }, (_, n) => ({
    _id: `view-${person}-${n}`,
    eventType: 'view',
    timestamp: START - n * DAY,
  })),
});

let world: PreviewWorld;
beforeEach(async () => {
  world = previewWorld();
  world.path.define('adults', 'person.age >= 18');
  world.path.define('koreans', 'homeAddress.countryCode = "KR"');
  await populate(world, PEOPLE, everybody);
});

describe('a preview of a small table', () => {
  test('is exact, and done with its first answer', async () => {
    const { state, previewQueryStatus, estimate } = await world.ask({ predicateExpression: 'person.age >= 20' });

    expect([state, previewQueryStatus]).toEqual(['RESULT_READY', 'RESULT_READY']);
    expect(estimate).toMatchObject({
      ...{ estimatedSize: 40, low: 40, high: 40, exact: true, standardError: 0, confidenceInterval: '95%' },
      ...{ totalRows: 60, numRowsToRead: 60, profilesReadSoFar: 60, profilesMatchedSoFar: 40, state: 'RESULT_READY' },
    });
  });

  test('counts those who match by the namespaces of their identities', async () => {
    const { estimate } = await world.ask({ predicateExpression: 'person.age < 9' });

    expect(estimate.estimatedNamespaceDistribution).toEqual([
      { namespaceId: 'CRMID', profilesMatchedSoFar: 9, estimatedSize: 9 },
      { namespaceId: 'Email', profilesMatchedSoFar: 3, estimatedSize: 3 },
    ]);
  });

  test('says which published segments share its members, and which share', async () => {
    const { estimate } = await world.ask({ predicateExpression: 'person.age >= 50' });

    expect(estimate.overlap).toEqual([
      {
        segmentId: 'adults',
        name: 'adults',
        ...{ profilesSharedSoFar: 10, estimatedShared: 10 },
        ...shares(1, 10 / 42),
      },
      {
        segmentId: 'koreans',
        name: 'koreans',
        ...{ profilesSharedSoFar: 5, estimatedShared: 5 },
        ...shares(0.5, 5 / 30),
      },
    ]);
  });

  const shares = (shareOfPreview: number, shareOfSegment: number) => ({ shareOfPreview, shareOfSegment });

  test('reads events of tail and history, and memberships', async () => {
    const sizeOf = async (predicateExpression: string) =>
      (await world.ask({ predicateExpression })).estimate.estimatedSize;

    expect(await sizeOf(VIEWED)).toBe(40);
    expect(await sizeOf('xEvent[eventType = "view"].count() = 2')).toBe(20);
    expect(await sizeOf('inSegment("adults") and inSegment("koreans")')).toBe(21);
  });

  test('is answered by the clock: who looked a day ago is out a day later', async () => {
    const recently = 'xEvent[eventType = "view" and timestamp occurs <= 12 hours before now].count() >= 1';
    expect((await world.ask({ predicateExpression: recently })).estimate.estimatedSize).toBe(40);

    world.path.now += DAY;

    expect((await world.ask({ predicateExpression: recently })).estimate.estimatedSize).toBe(0);
  });

  test('takes pql/json, and says what text its positions count in', async () => {
    const json = JSON.stringify({
      nodeType: 'fnApply',
      fnName: '>=',
      params: [
        {
          nodeType: 'fieldLookup',
          fieldName: 'age',
          object: {
            nodeType: 'fieldLookup',
            fieldName: 'person',
            object: { nodeType: 'parameterReference', position: 1 },
          },
        },
        { nodeType: 'literal', literalType: 'Integer', value: 58 },
      ],
    });
    const { estimate } = await world.ask({ predicateExpression: json, predicateType: 'pql/json' });

    expect(estimate).toMatchObject({ estimatedSize: 2, expression: expect.stringContaining('person.age >= 58') });
  });
});

test('two that turned out to be one person count as one, with the events of both', async () => {
  const twice = { predicateExpression: 'xEvent[eventType = "view"].count() >= 4' };
  expect((await world.ask(twice)).estimate).toMatchObject({ estimatedSize: 0, totalRows: PEOPLE });
  const identityMap = { CRMID: [{ id: 'c2', primary: true }, { id: 'c5' }] };

  await world.path.process([world.path.record({ _id: 'login', eventType: 'login', timestamp: START, identityMap })]);

  const { estimate, previewId } = await world.ask(twice);
  expect(estimate).toMatchObject({ estimatedSize: 1, totalRows: PEOPLE - 1, exact: true });
  const [person] = (await world.page(previewId)).results;
  expect(person?.relatedObjects.map(({ objectId }) => objectId).sort()).toEqual(['c2', 'c5']);
});

test('a field of the sandbox is held to its declared type, also in what it is compared with', async () => {
  const properties = { person: { properties: { age: { type: 'integer' } } } } as const;
  const declared = { name: 'profile', version: 1, extension: { properties }, updateTime: 0 } as const;
  const schemas = { find: async () => ({ profile: declared }) };
  const typed = previewWorld({ schemas });
  const asked = 'person.age > 3';

  for (const body of [
    { predicateExpression: 'person.age > "old"' },
    { predicateExpression: asked, compareWith: 'person.age > "old"' },
  ]) {
    expect(await problemOf(typed.ask(body))).toMatchObject({
      code: 'invalid-expression',
      details: { diagnostics: [{ code: 'PQL3004' }] },
    });
  }
  expect((await typed.ask({ predicateExpression: asked })).estimate.expression).toBe(asked);
});

describe('what each condition does', () => {
  const text = 'person.age >= 20 and not (homeAddress.countryCode = "KR" or person.age < 30)';

  test('is told for each of them, at its place in the text', async () => {
    const { estimate } = await world.ask({ predicateExpression: text, clauses: true });

    const told = estimate.clauses?.map(({ span: { start, end }, alone, remaining, dropsAlone, addsAlone }) => [
      text.slice(start, end),
      { alone, remaining, dropsAlone, addsAlone },
    ]);
    expect(told).toEqual([
      // A span ends with the last word of what it spans, so without the parenthesis that closes it.
      [text.slice(0, -1), { alone: 15, remaining: 15, dropsAlone: 45, addsAlone: 0 }],
      ['person.age >= 20', { alone: 40, remaining: 40, dropsAlone: 0, addsAlone: 0 }],
      [text.slice(21, -1), { alone: 15, remaining: 15, dropsAlone: 25, addsAlone: 0 }],
      [expect.stringContaining(' or '), { alone: 45, remaining: null, dropsAlone: 25, addsAlone: 0 }],
      ['homeAddress.countryCode = "KR"', { alone: 30, remaining: null, dropsAlone: 15, addsAlone: 0 }],
      ['person.age < 30', { alone: 30, remaining: null, dropsAlone: 5, addsAlone: 0 }],
    ]);
    expect(estimate.clauses?.every(({ error }) => error.alone === 0)).toBe(true);
  });

  test('includes how far a sequence is got', async () => {
    const chain = 'chain(xEvent, timestamp, [A: WHAT(eventType = "view"), B: WHAT(eventType = "view")])';
    const { estimate } = await world.ask({ predicateExpression: chain, clauses: true });

    expect(
      estimate.clauses?.[0]?.steps.map(({ span, reached }) => [chain.slice(span.start, span.end)[0], reached]),
    ).toEqual([
      ['A', 40],
      ['B', 20],
    ]);
  });

  test('is left out unless it is asked for', async () => {
    expect((await world.ask({ predicateExpression: text })).estimate).not.toHaveProperty('clauses');
  });
});

describe('an edited definition', () => {
  test('is told who would enter and who would leave, with some of them', async () => {
    const { estimate, previewId } = await world.ask({
      predicateExpression: 'person.age >= 55',
      compareWith: 'person.age >= 50 and person.age < 57',
    });

    expect(estimate.difference).toMatchObject({
      before: { estimatedSize: 7, low: 7, high: 7 },
      enter: { estimatedSize: 3, profilesMatchedSoFar: 3 },
      leave: { estimatedSize: 5, profilesMatchedSoFar: 5 },
    });
    const people = async (sample: string) =>
      (await world.page(previewId, { sample })).results.map(({ relatedObjects }) => relatedObjects[0]?.objectId).sort();
    expect(await people('enter')).toEqual(['c57', 'c58', 'c59']);
    expect(await people('leave')).toEqual(['c50', 'c51', 'c52', 'c53', 'c54']);
  });

  test('may be compared with a stored one, in any version, by its own time zone', async () => {
    const id = '00000000-0000-4000-8000-0000000000aa';
    const definition = (value: string) =>
      ({ expression: { type: 'PQL', format: 'pql/text', value }, timeZone: 'Asia/Seoul' }) as SegmentDefinition;
    const definitions = {
      find: async () => definition('person.age >= 58'),
      findVersion: async (_: string, __: string, version: number) =>
        version === 1 ? definition('person.age >= 10') : undefined,
    };
    const other = previewWorld({ definitions });
    await populate(other, PEOPLE, everybody);
    const enter = async (compareWith: unknown) =>
      (await other.ask({ predicateExpression: 'person.age >= 0', compareWith })).estimate.difference?.enter
        .estimatedSize;

    expect(await enter(id)).toBe(58);
    expect(await enter({ segmentId: id, version: 1 })).toBe(10);
    const problem = await problemOf(enter({ segmentId: id, version: 9 }));
    expect([problem.code, problem.message]).toEqual(['not-found', expect.stringMatching(/compareWith.*version 9/)]);
  });
});

test('an external audience is compared by its members, for it has no expression', async () => {
  const id = '00000000-0000-4000-8000-0000000000bb';
  const uploaded = { id, kind: 'external', expression: { type: 'PQL', format: 'pql/text', value: '' } };
  const other = previewWorld({
    definitions: { ...world.ports.definitions, find: async () => uploaded as SegmentDefinition },
  });
  other.path.define(id, 'person.age < 3');
  await populate(other, 10, everybody);

  const { estimate } = await other.ask({ predicateExpression: 'person.age < 5', compareWith: id });

  expect(estimate.difference).toMatchObject({ before: { estimatedSize: 3 }, enter: { estimatedSize: 2 } });
});

describe('a preview is found again', () => {
  test('by one id in both paths, until it is deleted', async () => {
    const { previewId, previewQueryId, previewExecutionId } = await world.ask({ predicateExpression: VIEWED });

    expect(previewId).toMatch(/^[\w-]+$/);
    expect(Buffer.from(previewId, 'base64url').toString()).toContain(previewQueryId);
    expect(previewExecutionId).toBe(0);
    expect(await world.estimate(previewId)).toMatchObject({
      estimatedSize: 40,
      _links: { preview: `/data/core/ups/preview/${previewId}` },
    });
    expect((await world.page(previewId)).page.totalCount).toBe(40);
    expect((await world.remove(previewId)).body).toEqual({ status: true, message: expect.any(String) });
    expect((await problemOf(world.remove(previewId))).status).toBe(404);
    expect((await problemOf(world.estimate(previewId))).status).toBe(404);
  });

  test('not after an hour, not in another sandbox, and not by anything that is no id', async () => {
    const { previewId } = await world.ask({ predicateExpression: VIEWED });
    expect((await problemOf(world.estimate(previewId, { sandbox: 'dev' as never }))).status).toBe(404);
    for (const id of ['', 'x', previewId.slice(1), `${previewId}A`, 'Ojo6']) {
      expect((await problemOf(world.estimate(id))).status).toBe(404);
    }

    world.path.now += 3_600_001;

    expect((await problemOf(world.estimate(previewId))).status).toBe(404);
  });
});

test('those who match come in pages, with links to look each of them up', async () => {
  const { previewId } = await world.ask({ predicateExpression: 'person.age < 9' });

  const first = await world.page(previewId, { limit: '6' });
  const second = await world.page(previewId, { limit: '6', offset: '6' });

  expect(first.page).toEqual({ offset: 0, limit: 6, size: 6, totalCount: 9 });
  expect(first.link).toBe(`/data/core/ups/preview/${previewId}?offset=6&limit=6&sample=match`);
  expect(second).toMatchObject({ page: { size: 3 }, link: null });
  const ids = [...first.results, ...second.results].map(({ objectId }) => objectId);
  expect(new Set(ids).size).toBe(9);
  const zero = [...first.results, ...second.results].find(({ relatedObjects }) => relatedObjects.length === 2);
  expect(zero?._href).toBe(
    `/data/core/ups/access/entities?entityId=${zero?.relatedObjects[0]?.objectId}&entityIdNS=CRMID`,
  );
});

describe('what can’t be asked', () => {
  const refusal = async (body: Record<string, unknown>, more = {}) => {
    const { code, details } = await problemOf(world.ask(body, more));
    return { code, ...details };
  };

  test('is said with its place', async () => {
    expect(await refusal({ predicateExpression: 'person.age >=' })).toMatchObject({
      code: 'invalid-expression',
      diagnostics: [{ start: 13 }],
    });
    expect(await refusal({ predicateExpression: 'person.age > 1', compareWith: 'person.age >' })).toMatchObject({
      code: 'invalid-expression',
    });
    expect(await refusal({ predicateExpression: '{', predicateType: 'pql/json' })).toMatchObject({
      mistakes: [{ pointer: '/predicateExpression' }],
    });
    expect(await refusal({ predicateExpression: 'inSegment("nobody")' })).toMatchObject({
      code: 'invalid-expression',
      mistakes: [{ pointer: '/predicateExpression', message: expect.stringContaining('nobody') }],
    });
    expect(await refusal({ predicateExpression: VIEWED, timeZone: 'Mars/Olympus' })).toMatchObject({
      code: 'invalid-expression',
    });
    expect(await refusal({ predicateExpression: VIEWED, sed: 'x' })).toMatchObject({ mistakes: [{ pointer: '/sed' }] });
  });

  test('is a window that reaches behind what is kept', async () => {
    const predicateExpression = 'xEvent[timestamp occurs < 5 years before now].count() > 1';

    expect(await refusal({ predicateExpression })).toMatchObject({ diagnostics: [{ code: 'PQL3014' }] });
  });

  test('is anything at all by who may only look', async () => {
    expect(await refusal({ predicateExpression: VIEWED }, { roles: ['viewer'] })).toEqual({ code: 'role-forbidden' });
  });
});

test('an evaluation that breaks off ends the preview, says so and is reported', async () => {
  const broken = previewWorld({
    rules: { current: async () => ({ ...world.path.rules, leaves: undefined as never }) },
  });
  await populate(broken, 3, everybody);

  const { state, estimate, previewId } = await broken.ask({ predicateExpression: VIEWED });

  expect([state, estimate.error]).toEqual([
    'FAILED',
    { description: expect.stringMatching(/^The expression/), traceback: '' },
  ]);
  expect(broken.reports).toHaveLength(1);
  expect(await broken.estimate(previewId)).toMatchObject({ state: 'FAILED' });
  expect(broken.reports).toHaveLength(1);
});

test('a store that fails leaves the preview as it was, for the next request to go on', async () => {
  const failing = previewWorld({ segments: { read: async () => Promise.reject(new Error('throttled')) } });

  await expect(failing.ask({ predicateExpression: VIEWED })).rejects.toThrow('throttled');
});
