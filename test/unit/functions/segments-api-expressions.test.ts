import { describe, expect, test } from 'vitest';
import { validatedDefinition } from '#shared/api/segment-expressions.ts';
import { parse, toJson } from '#shared/pql/index.ts';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

const BASE = '/data/core/ups/segment';
const expression = (value: string, format = 'pql/text') => ({ type: 'PQL', format, value });

async function validate(body: unknown, service = segmentsService()) {
  const { status, body: answer } = await service.send({ routeKey: `POST ${BASE}/definitions/validate`, body });
  expect(status).toBe(200);
  return validatedDefinition.parse(answer);
}

describe('a definition that is validated', () => {
  test('is valid, and says what it reads, how it is kept up to date and what it costs', async () => {
    const value = 'person.age >= 18 and xEvent[eventType = "order" and total > 5].count() >= 3';
    const found = await validate({ expression: expression(value) });

    expect(found).toMatchObject({
      valid: true,
      diagnostics: [],
      problems: [],
      expression: { text: value },
      evaluationInfo: { continuous: { enabled: true, evaluationClass: 'incremental' } },
      dependencies: { attributes: ['person.age'], eventTypes: ['order'], segments: [] },
      estimate: { readsHistory: false, evaluatedOn: ['order'] },
    });
    expect(found.estimate?.stateBytes.typical).toBeGreaterThan(0);
    expect(found.estimate?.writeUnits.typical).toBeLessThan(0.1);
    expect(JSON.parse(found.expression?.json ?? '')).toMatchObject({ nodeType: 'fnApply' });
  });

  test('has every mistake with its place, and is no error of the request', async () => {
    const found = await validate({ expression: expression('person.age >= and') });
    expect(found.valid).toBe(false);
    expect(found.diagnostics).toMatchObject([
      { code: 'PQL2001', severity: 'error', line: 1, start: 14 },
      { code: 'PQL2001', start: 17 },
    ]);
    expect(found.evaluationInfo).toBeUndefined();
  });

  test('that looks too far back says so where it does', async () => {
    const found = await validate({
      expression: expression('xEvent[timestamp occurs <= 5 years before now].count() > 0'),
    });
    expect(found).toMatchObject({ valid: false, diagnostics: [{ code: 'PQL3014', start: 42 }] });
  });

  test('in pql/json is the same', async () => {
    const parsed = parse('person.age >= 18');
    const json = parsed.ok ? JSON.stringify(toJson(parsed.value)) : '';
    expect(await validate({ expression: expression(json, 'pql/json') })).toMatchObject({
      valid: true,
      expression: { text: 'person.age >= 18' },
    });
    expect(await validate({ expression: expression('{', 'pql/json') })).toMatchObject({
      valid: false,
      problems: [{ code: 'invalid-request', pointer: '/expression/value' }],
    });
    expect(await validate({ expression: expression('{"nodeType":"x"}', 'pql/json') })).toMatchObject({
      valid: false,
      diagnostics: [{ code: 'PQL2201' }],
    });
  });

  test('names the segments that it depends on, and those that are not there', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));
    const found = await validate({ expression: expression('inSegment("Adults") and inSegment("Nobody")') }, service);

    expect(found.dependencies?.segments).toEqual([
      { reference: 'Adults', id, name: 'Adults', lifecycleState: 'published' },
      { reference: 'Nobody' },
    ]);
    expect(found).toMatchObject({
      valid: false,
      problems: [{ code: 'invalid-expression', pointer: '/expression/value' }],
    });
  });

  test('that would depend on itself is told the way round', async () => {
    const service = segmentsService();
    const first = await service.create(segmentBody('First'));
    await service.create(segmentBody('Second', 'inSegment("First")'));

    const found = await validate(
      { id: first.id, name: 'First', expression: expression('inSegment("Second")') },
      service,
    );

    expect(found.valid).toBe(false);
    expect(found.problems).toMatchObject([{ code: 'definition-loop' }]);
    expect(found.problems[0]?.message).toContain('"First" → "Second" → "First"');
  });

  test('stores nothing', async () => {
    const service = segmentsService();
    await validate({ expression: expression('person.age >= 18'), name: 'Adults' }, service);
    expect((await service.list()).page.totalCount).toBe(0);
  });
});

describe('an expression that is converted', () => {
  const convert = async (body: unknown) =>
    (await segmentsService().send({ routeKey: `POST ${BASE}/conversion`, body })).body as {
      expression: { format: string; value: string };
    };

  test('comes back as it was, over the other spelling', async () => {
    const value = 'xEvent[eventType = "order"].count() >= 3';
    const there = await convert({ name: 'Buyers', expression: expression(value) });
    const back = await convert(there);

    expect(there).toMatchObject({ name: 'Buyers', expression: { type: 'PQL', format: 'pql/json' } });
    expect(back).toEqual({ name: 'Buyers', expression: expression(value) });
  });

  test('and is wrong is 400 with its diagnostics', async () => {
    const problem = await problemOf(convert({ expression: expression('a >=') }));
    expect(problem).toMatchObject({ code: 'invalid-expression', details: { diagnostics: [{ code: 'PQL2001' }] } });
  });
});

describe('definitions that are read in bulk', () => {
  const bulk = async (ids: readonly unknown[], service = segmentsService()) =>
    service.send({ routeKey: `POST ${BASE}/definitions/bulk-get`, body: { ids } });

  test('come by their ids, with those that are not there beside them', async () => {
    const service = segmentsService();
    const created = await service.create(segmentBody('Adults'));
    const { status, body } = await bulk([{ id: created.id }, { id: 'RULES' }, { id: created.id }], service);

    expect(status).toBe(207);
    expect(body).toEqual({ results: { [created.id]: created }, notFound: ['RULES'] });
  });

  test.each([
    [0, 400],
    [1, 207],
    [100, 207],
    [101, 400],
  ])('%i at a time: %i', async (count, status) => {
    const ids = Array.from({ length: count }, (_, index) => ({ id: `id-${index}` }));
    if (status === 207) expect((await bulk(ids)).status).toBe(status);
    else expect(await problemOf(bulk(ids))).toMatchObject({ status });
  });
});
