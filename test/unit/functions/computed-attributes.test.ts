import { describe, expect, test } from 'vitest';
import { COMPUTED_ATTRIBUTES_PER_SANDBOX_MAX } from '#shared/api/computed-attributes.ts';
import { profileSettingsService } from '#test/support/profile-settings-service.ts';
import { problemOf, segmentBody } from '#test/support/segments-service.ts';

const attributeBody = (name: string, value = 'xEvent[eventType = "buy"].sum(price)', more: object = {}) => ({
  name,
  expression: { type: 'PQL', format: 'pql/text', value },
  ...more,
});

describe('a computed attribute', () => {
  test('is live as soon as it is created, and found as it was answered', async () => {
    const service = profileSettingsService();
    const created = await service.createAttribute(attributeBody('spent', undefined, { description: 'all time' }));

    expect(created).toMatchObject({
      type: 'ComputedAttribute',
      name: 'spent',
      displayName: 'spent',
      description: 'all time',
      path: 'computed',
      status: 'PROCESSED',
      version: 1,
    });
    expect(await service.readAttribute(created.id)).toEqual(created);
    expect(await service.attributes()).toEqual([created]);
    expect(await service.rules()).toMatchObject({ format: 2, computed: [{ id: created.id, name: 'spent' }] });
  });

  test('as a draft is in no rules until it is published, and its name is nobody else’s', async () => {
    const service = profileSettingsService();
    const { id } = await service.createAttribute(attributeBody('spent', undefined, { status: 'DRAFT' }));
    expect(await service.rules()).toBeUndefined();
    expect(await problemOf(service.createAttribute(attributeBody('spent')))).toMatchObject({ status: 422 });

    expect(await service.patchAttribute(id, { status: 'NEW' })).toMatchObject({ status: 'PROCESSED', version: 2 });
    expect((await service.rules())?.computed).toMatchObject([{ name: 'spent', version: 2 }]);
    await service.patchAttribute(id, { status: 'DISABLED' });
    expect(await service.rules()).not.toHaveProperty('computed');
  });

  test.each([
    ['xEvent.sum(', 'invalid-expression'],
    ['"a" + 1', 'invalid-expression'],
    ['computed.nobody + 1', 'invalid-expression'],
    ['computed.count()', 'invalid-expression'],
    ['if(inSegment("vip"), 1, 2)', 'invalid-expression'],
    ['xEvent[timestamp occurs < 20 years before now].count()', 'invalid-expression'],
  ])('that can not be is refused, also as a draft: %s', async (value, code) => {
    for (const status of ['DRAFT', 'PROCESSED']) {
      const problem = await problemOf(profileSettingsService().createAttribute(attributeBody('x', value, { status })));
      expect(problem).toMatchObject({ status: 400, code });
    }
  });

  test.each(['1st', 'a-b', 'a.b', '', '__proto__x!'])('is not named "%s"', async (name) => {
    expect(await problemOf(profileSettingsService().createAttribute(attributeBody(name)))).toMatchObject({
      status: 400,
    });
  });

  test('reads others in any order, and in no circle: the path is told', async () => {
    const service = profileSettingsService();
    const spent = await service.createAttribute(attributeBody('spent'));
    await service.createAttribute(attributeBody('twice', 'computed.spent * 2'));
    await service.createAttribute(attributeBody('again', 'computed.twice * 2'));

    const change = { expression: attributeBody('', 'computed.again + 1').expression };
    expect(await problemOf(service.patchAttribute(spent.id, change))).toMatchObject({
      status: 422,
      code: 'definition-loop',
      message: expect.stringContaining('again → twice → spent'),
    });
  });

  test('that others read stays, with its name, and they are named', async () => {
    const service = profileSettingsService();
    const spent = await service.createAttribute(attributeBody('spent'));
    await service.createAttribute(attributeBody('twice', 'computed.spent * 2'));
    const { id } = await service.definitions.create(segmentBody('Big spenders', 'computed.twice > 100'));

    for (const call of [
      () => service.deleteAttribute(spent.id),
      () => service.patchAttribute(spent.id, { name: 'spending' }),
      () => service.patchAttribute(spent.id, { status: 'DISABLED' }),
    ]) {
      const problem = await problemOf(call());
      expect(problem).toMatchObject({ status: 409, code: 'in-use' });
      expect(problem.message).toContain('computed.twice');
      expect(problem.message).toContain(id);
    }
    await service.definitions.remove(id);
    expect(await problemOf(service.deleteAttribute(spent.id))).toMatchObject({ status: 409 });
  });

  test('may not turn into what its readers can do nothing with', async () => {
    const service = profileSettingsService();
    const spent = await service.createAttribute(attributeBody('spent'));
    const { id } = await service.definitions.create(segmentBody('Big spenders', 'computed.spent + 1 > 100'));
    const text = { expression: attributeBody('', 'if(true, "much", "little")').expression };

    const problem = await problemOf(service.patchAttribute(spent.id, text));
    expect(problem).toMatchObject({ status: 409, code: 'in-use' });
    expect(problem.message).toContain(id);
  });

  test('there are so many at most', async () => {
    const service = profileSettingsService();
    for (let n = 0; n < COMPUTED_ATTRIBUTES_PER_SANDBOX_MAX; n++) {
      await service.createAttribute(attributeBody(`c${n}`, '1', { status: 'DRAFT' }));
    }
    expect(await problemOf(service.createAttribute(attributeBody('more')))).toMatchObject({ code: 'limit-reached' });
  });
});

describe('a definition', () => {
  test('that reads an unknown computed attribute is refused by its name, also as a draft', async () => {
    const service = profileSettingsService();
    for (const lifecycleState of ['draft', 'published']) {
      const problem = await problemOf(
        service.definitions.create(segmentBody('Big', 'computed.spent > 1', { lifecycleState })),
      );
      expect(problem).toMatchObject({ status: 400, code: 'invalid-expression' });
      expect(problem.details.diagnostics).toMatchObject([{ code: 'PQL3015', start: 0, end: 14 }]);
      expect(problem.message).toContain('"spent"');
    }
  });

  test('keeps the leaves that its computed attributes need, shared with whoever counts the same, and gets others with them', async () => {
    const service = profileSettingsService();
    const buys = await service.createAttribute(attributeBody('buys', 'xEvent[eventType = "buy"].count()'));
    await service.definitions.create(segmentBody('By hand', 'xEvent[eventType = "buy"].count() >= 0 + 7'));
    const { id, evaluationInfo } = await service.definitions.create(segmentBody('Computed', 'computed.buys >= 0 + 7'));
    expect(evaluationInfo.continuous).toMatchObject({ evaluationClass: 'incremental' });
    expect(evaluationInfo.continuous.reasons.join()).toContain('buy');
    const before = await service.rules();
    expect(before?.leaves).toHaveLength(1);
    expect(new Set(before?.definitions.map(({ leaves }) => leaves.join())).size).toBe(1);

    const expression = attributeBody('', 'xEvent[eventType = "view"].count()').expression;
    await service.patchAttribute(buys.id, { expression });
    const after = await service.rules();
    const renewed = after?.definitions.filter(({ since }) => since === after.rulesVersion);
    expect(renewed?.map((definition) => definition.id)).toEqual([id]);
    expect(after?.leaves).toHaveLength(2);
  });

  test('is not touched by a new name to show or another description', async () => {
    const service = profileSettingsService();
    const { id } = await service.createAttribute(attributeBody('spent'));
    await service.definitions.create(segmentBody('Big', 'computed.spent > 1'));
    const since = (await service.rules())?.definitions[0]?.since;
    await service.patchAttribute(id, { displayName: 'Spent so far' });

    expect((await service.rules())?.definitions[0]?.since).toBe(since);
  });
});
