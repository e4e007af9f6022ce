import { describe, expect, test } from 'vitest';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { parse, toJson } from '#shared/pql/index.ts';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

const dev = 'dev' as SandboxName;

describe('a definition that is created', () => {
  test('answers 200 with everything the service decided', async () => {
    const service = segmentsService();
    const { status, headers, body } = await service.send({
      routeKey: 'POST /data/core/ups/segment/definitions',
      body: segmentBody('Adults', 'person.age >= 18', { description: 'of age', labels: ['C2'] }),
    });

    expect({ status, headers }).toEqual({ status: 200, headers: { etag: '"1"' } });
    expect(body).toMatchObject({
      name: 'Adults',
      description: 'of age',
      expression: { type: 'PQL', format: 'pql/text', value: 'person.age >= 18' },
      schema: { name: '_xdm.context.profile' },
      sandbox: { sandboxId: 'prod', sandboxName: 'prod', type: 'production', default: true },
      evaluationInfo: { continuous: { enabled: true }, batch: { enabled: false }, synchronous: { enabled: true } },
      dataGovernancePolicy: { excludeOptOut: true },
      lifecycleState: 'published',
      labels: ['C2'],
      tags: [],
      version: 1,
      creationTime: 1_001_000,
      updateTime: 1_001_000,
      updateEpoch: 1001,
    });
  });

  test('is found as it was answered', async () => {
    const service = segmentsService();
    const created = await service.create(segmentBody('Adults'));
    expect(await service.find(created.id)).toEqual(created);
  });

  test('is live: evaluators load it', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));

    expect(await service.rules()).toMatchObject({
      rulesVersion: 1,
      definitions: [{ id, name: 'Adults', ordinal: 1, version: 1, expression: 'person.age >= 18' }],
    });
  });

  test('as a draft is kept and not evaluated, until it is published', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults', undefined, { lifecycleState: 'draft' }));
    expect(await service.rules()).toBeUndefined();

    await service.patch(id, { lifecycleState: 'published' });
    expect((await service.rules())?.definitions).toMatchObject([{ id, version: 2 }]);
  });

  test('is evaluated by schedule only where its author asks for just that, and says so', async () => {
    const service = segmentsService();
    const evaluationInfo = { batch: { enabled: true }, continuous: { enabled: false } };
    const { id, ...created } = await service.create(segmentBody('Adults', undefined, { evaluationInfo }));

    expect(created.evaluationInfo).toMatchObject({
      batch: { enabled: true },
      continuous: { enabled: false, state: 'off' },
    });
    expect(created.evaluationInfo.batch.reasons.join()).toContain('the author asked for it');
    expect(await service.rules()).toMatchObject({ format: 2, definitions: [{ id, kind: 'scheduled', leaves: [] }] });
    const byMethod = async (method: string) => (await service.list({ [method]: 'true' })).page.totalCount;
    expect(await byMethod('evaluationInfo.batch.enabled')).toBe(1);
    expect(await byMethod('evaluationInfo.continuous.enabled')).toBe(0);
  });

  test.each([
    [{ batch: { enabled: true } }],
    [{ continuous: { enabled: false } }],
    [{ batch: { enabled: false }, continuous: { enabled: false } }],
    [{ batch: { enabled: true }, continuous: { enabled: true } }],
  ])('streams where anything less is asked for: %j', async (evaluationInfo) => {
    const created = await segmentsService().create(segmentBody('Adults', undefined, { evaluationInfo }));
    expect(created.evaluationInfo).toMatchObject({ batch: { enabled: false }, continuous: { enabled: true } });
  });

  test('goes from one to the other and back, as a change of what is evaluated, and keeps to it when it is sent back whole', async () => {
    const service = segmentsService();
    const streaming = await service.create(segmentBody('Adults'));
    const evaluationInfo = { batch: { enabled: true }, continuous: { enabled: false } };
    const scheduled = await service.patch(streaming.id, { evaluationInfo });
    expect((await service.rules())?.definitions).toMatchObject([{ kind: 'scheduled', since: 2 }]);

    await service.patch(streaming.id, { ...scheduled, description: 'of age' });
    expect((await service.rules())?.definitions).toMatchObject([{ kind: 'scheduled', since: 2 }]);
    await service.patch(streaming.id, { evaluationInfo: streaming.evaluationInfo });
    const rules = await service.rules();
    expect(rules).toMatchObject({ format: 2, definitions: [{ since: 3 }] });
    expect(rules?.definitions[0]).not.toHaveProperty('kind');
  });

  test('says how it is kept up to date, and why so', async () => {
    const service = segmentsService();
    const counted = await service.create(segmentBody('Buyers', 'xEvent[eventType = "order"].count() >= 3'));
    const whole = await service.create(segmentBody('Repeats', 'xEvent.distinct().count() >= 3'));

    expect(counted.evaluationInfo.continuous).toMatchObject({ enabled: true, evaluationClass: 'incremental' });
    expect(whole.evaluationInfo.continuous).toMatchObject({ enabled: true, evaluationClass: 'replay' });
    for (const { evaluationInfo } of [counted, whole]) expect(evaluationInfo.continuous.reasons).not.toEqual([]);
  });

  test('keeps the organisation that an original client names', async () => {
    const headers = { 'x-gw-ims-org-id': 'ORG@Example' };
    expect(await segmentsService().create(segmentBody('Adults'), { headers })).toMatchObject({
      imsOrgId: 'ORG@Example',
    });
  });
});

describe('a name', () => {
  test('that is taken is 422', async () => {
    const service = segmentsService();
    await service.create(segmentBody('Adults'));
    expect(await problemOf(service.create(segmentBody('Adults')))).toMatchObject({ status: 422, code: 'name-in-use' });
  });

  test('is free again in another sandbox, and after its owner is renamed or deleted', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));

    await service.create(segmentBody('Adults'), { sandbox: dev });
    await service.patch(id, { name: 'Grown-ups' });
    const second = await service.create(segmentBody('Adults'));
    await service.remove(second.id);
    expect(await service.create(segmentBody('Adults'))).toMatchObject({ name: 'Adults' });
  });

  test('that somebody else has cannot be taken by renaming', async () => {
    const service = segmentsService();
    await service.create(segmentBody('Adults'));
    const { id } = await service.create(segmentBody('Others'));

    expect(await problemOf(service.patch(id, { name: 'Adults' }))).toMatchObject({ status: 422 });
    expect(await service.find(id)).toMatchObject({ name: 'Others', version: 1 });
  });

  test('is the same however its letters are composed', async () => {
    const service = segmentsService();
    await service.create(segmentBody('Caf\u00e9'));
    expect(await problemOf(service.create(segmentBody('Cafe\u0301')))).toMatchObject({ status: 422 });
  });

  test.each([
    [1, true],
    [255, true],
    [256, false],
    [0, false],
  ])('of %i characters is accepted: %s', async (length, isAccepted) => {
    const call = segmentsService().create(segmentBody('n'.repeat(length)));
    if (isAccepted) expect((await call).name).toHaveLength(length);
    else expect(await problemOf(call)).toMatchObject({ status: 400 });
  });
});

describe('a body that is wrong', () => {
  const refused = async (body: unknown) => (await problemOf(segmentsService().create(body))).details.mistakes;

  test('is answered with every mistake and its place', async () => {
    const body = { name: ' padded ', expression: { type: 'SQL', format: 'pql/text', value: 'a' }, colour: 'red' };
    expect((await refused(body))?.map(({ pointer }) => pointer).sort()).toEqual([
      '/colour',
      '/expression/type',
      '/name',
    ]);
  });

  test.each([
    ['no object', [1]],
    ['null', null],
    ['without a name', { expression: { type: 'PQL', format: 'pql/text', value: 'a' } }],
    ['with a field that only the service writes', segmentBody('A', 'a = 1', { version: 3 })],
  ])('%s is 400', async (_, body) => {
    expect(await problemOf(segmentsService().create(body))).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});

describe('an expression that is wrong', () => {
  test('is 400 with every diagnostic and its position', async () => {
    const { status, code, details } = await problemOf(
      segmentsService().create(segmentBody('Adults', 'person.age >= ')),
    );

    expect({ status, code }).toEqual({ status: 400, code: 'invalid-expression' });
    expect(details.diagnostics).toMatchObject([{ code: 'PQL2001', severity: 'error', line: 1, start: 14 }]);
  });

  test('is refused in a draft too', async () => {
    const draft = segmentBody('Adults', 'person.age >= ', { lifecycleState: 'draft' });
    expect(await problemOf(segmentsService().create(draft))).toMatchObject({ code: 'invalid-expression' });
  });

  test.each([
    ['xEvent[timestamp occurs <= 5 years before now].count() > 0', 42],
    ['chain(xEvent, timestamp, [A: WHAT(eventType = "a") WHEN(<= 1097 days before now)])', 76],
  ])('a window further back than events are kept is refused with its place: %s', async (expression, start) => {
    const { code, details } = await problemOf(segmentsService().create(segmentBody('Long', expression)));

    expect(code).toBe('invalid-expression');
    expect(details.diagnostics).toMatchObject([{ code: 'PQL3014', start }]);
  });

  test.each([
    'xEvent[timestamp occurs <= 3 years before now].count() > 0',
    'person.birthDate occurs > 18 years before now',
  ])('a window that fits the retention, or is none of events, is taken: %s', async (expression) => {
    const created = await segmentsService().create(segmentBody('Fits', expression));

    expect(created.version).toBe(1);
  });

  test('leaves what is live as it was', async () => {
    const service = segmentsService();
    const created = await service.create(segmentBody('Adults'));

    await problemOf(service.patch(created.id, { expression: segmentBody('', 'person.age >').expression }));
    expect(await service.find(created.id)).toEqual(created);
  });

  test('in a time zone that does not exist is refused', async () => {
    const body = segmentBody('Today', 'xEvent[timestamp occurs today].count() > 0', { timeZone: 'Mars/Olympus' });
    expect(await problemOf(segmentsService().create(body))).toMatchObject({ status: 400 });
  });
});

describe('an expression in pql/json', () => {
  const inJson = (value: string) => ({ name: 'Adults', expression: { type: 'PQL', format: 'pql/json', value } });
  const parsed = parse('person.birthYear < 2000');
  const json = parsed.ok ? JSON.stringify(toJson(parsed.value)) : '';

  test('is answered as it was sent, and evaluated as the same text', async () => {
    const service = segmentsService();
    const { expression } = await service.create(inJson(json));

    expect(expression).toEqual(inJson(json).expression);
    expect((await service.rules())?.definitions).toMatchObject([{ expression: 'person.birthYear < 2000' }]);
  });

  test('that is no JSON, or JSON of something else, is 400', async () => {
    const create = (value: string) => problemOf(segmentsService().create(inJson(value)));

    expect(await create('{')).toMatchObject({ status: 400, details: { mistakes: [{ pointer: '/expression/value' }] } });
    expect(await create('{"nodeType":"x"}')).toMatchObject({
      status: 400,
      details: { diagnostics: [{ code: 'PQL2201' }] },
    });
  });
});

describe('a patch', () => {
  test('changes what it names, keeps the rest, and makes the next version', async () => {
    const service = segmentsService();
    const created = await service.create(segmentBody('Adults', undefined, { labels: ['C2'] }));

    const changed = await service.patch(created.id, { description: 'of age' });

    expect(changed).toEqual({
      ...created,
      description: 'of age',
      version: 2,
      updateTime: changed.updateTime,
      updateEpoch: changed.updateEpoch,
    });
    expect(changed.updateTime).toBeGreaterThan(created.updateTime);
  });

  test('of what evaluators read reaches them under the same ordinal', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));
    await service.create(segmentBody('Others'));

    await service.patch(id, { expression: segmentBody('', 'person.age >= 21').expression });

    expect((await service.rules())?.definitions).toMatchObject([
      { id, ordinal: 1, version: 2, expression: 'person.age >= 21' },
      { ordinal: 2 },
    ]);
  });

  test('of words only leaves the rules alone', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));
    await service.patch(id, { description: 'of age', tags: ['a'] });
    expect((await service.rules())?.rulesVersion).toBe(1);
  });

  test('with the whole of what was read changes nothing and makes no version', async () => {
    const service = segmentsService();
    const created = await service.create(segmentBody('Adults'));
    expect(await service.patch(created.id, created)).toEqual(created);
  });

  test('cannot change the id', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));
    expect(await problemOf(service.patch(id, { id: 'another' }))).toMatchObject({ status: 400 });
  });

  test('that withdraws a definition takes it from evaluators, and its ordinal is never given again', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));

    await service.patch(id, { lifecycleState: 'inactive' });
    expect(await service.rules()).toMatchObject({ definitions: [], retired: [{ id, ordinal: 1 }] });

    await service.patch(id, { lifecycleState: 'published' });
    expect((await service.rules())?.definitions).toMatchObject([{ id, ordinal: 2 }]);
  });
});

describe('If-Match', () => {
  test.each([['"1"'], ['*'], ['"7", "1"']])('%s lets a change of version 1 through', async (tag) => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));
    const headers = { 'if-match': tag };
    expect(await service.patch(id, { description: 'of age' }, { headers })).toMatchObject({ version: 2 });
  });

  test.each([['"2"'], ['1'], ['W/"1"'], ['']])('%s is 412 for version 1, and changes nothing', async (tag) => {
    const service = segmentsService();
    const created = await service.create(segmentBody('Adults'));
    const headers = { 'if-match': tag };

    expect(await problemOf(service.patch(created.id, { description: 'x' }, { headers }))).toMatchObject({
      status: 412,
    });
    expect(await problemOf(service.remove(created.id, { headers }))).toMatchObject({ status: 412 });
    expect(await service.find(created.id)).toEqual(created);
  });
});

describe('a definition that is deleted', () => {
  test('answers that it is, and is gone for readers and evaluators', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));

    expect(await service.remove(id)).toMatchObject({
      status: 200,
      body: { status: true, message: expect.any(String) },
    });
    expect(await problemOf(service.find(id))).toMatchObject({ status: 404 });
    expect(await service.rules()).toMatchObject({ definitions: [], retired: [{ id, name: 'Adults' }] });
  });
});

describe('an id', () => {
  const unknown = '11111111-1111-4111-8111-111111111111';

  test.each([[unknown], ['RULES'], ['../x'], ['']])('that nobody has is 404: %j', async (id) => {
    const service = segmentsService();
    await service.create(segmentBody('Adults'));

    for (const call of [service.find(id), service.patch(id, { description: 'x' }), service.remove(id)]) {
      expect(await problemOf(call)).toMatchObject({ status: 404 });
    }
  });

  test('of another sandbox is 404, for reading and for changing', async () => {
    const service = segmentsService();
    const { id } = await service.create(segmentBody('Adults'));
    const other = { sandbox: dev };

    for (const call of [service.find(id, other), service.patch(id, { name: 'x' }, other), service.remove(id, other)]) {
      expect(await problemOf(call)).toMatchObject({ status: 404 });
    }
    expect((await service.find(id)).version).toBe(1);
  });
});

test('a patch as the published guide has it is taken: times of 0 say nothing, and neither does an organisation', async () => {
  const service = segmentsService();
  const { id } = await service.create(segmentBody('People who ordered'));
  const patched = await service.patch(id, {
    id,
    name: 'Updated people who ordered',
    profileInstanceId: 'ups',
    imsOrgId: 'ORG@AdobeOrg',
    expression: { type: 'PQL', format: 'pql/text', value: 'person.age >= 21' },
    schema: { name: '_xdm.context.profile' },
    payloadSchema: 'string',
    creationTime: 0,
    updateTime: 0,
    updateEpoch: 0,
  });
  expect(patched).toMatchObject({ name: 'Updated people who ordered', version: 2 });
  expect(await problemOf(service.patch(id, { creationTime: 7 }))).toMatchObject({ status: 400 });
});
