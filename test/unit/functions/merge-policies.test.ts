import { describe, expect, test } from 'vitest';
import { MERGE_POLICIES_PER_SANDBOX_MAX } from '#shared/api/merge-policies.ts';
import { profileSettingsService } from '#test/support/profile-settings-service.ts';
import { problemOf, segmentBody } from '#test/support/segments-service.ts';

const byOrder = (...order: string[]) => ({ type: 'dataSetPrecedence', order });
const policyBody = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  attributeMerge: byOrder('crm', 'web'),
  ...more,
});
const BUILT_IN = 'timestamp-ordered';

const defaultOf = async (service: ReturnType<typeof profileSettingsService>) =>
  (await service.policies()).filter((policy) => policy.default).map(({ id }) => id);

describe('the policies of a sandbox', () => {
  test('begin with the built-in one, which is the default until another is', async () => {
    const service = profileSettingsService();
    expect(await service.policies()).toMatchObject([
      { id: BUILT_IN, attributeMerge: { type: 'timestampOrdered' }, default: true, builtIn: true },
    ]);

    const { id } = await service.createPolicy(policyBody('CRM first', { default: true }));
    expect(await defaultOf(service)).toEqual([id]);
    expect((await service.rules())?.defaultMergePolicyId).toBe(id);
    await service.patchPolicy(BUILT_IN, { default: true });
    expect(await defaultOf(service)).toEqual([BUILT_IN]);
    expect(await service.rules()).not.toHaveProperty('defaultMergePolicyId');
  });

  test('are found as they were answered, and carry their version as entity tag', async () => {
    const service = profileSettingsService();
    const created = await service.createPolicy(policyBody('CRM first', { description: 'what sales says' }));
    expect(created).toMatchObject({ version: 1, description: 'what sales says', default: false, builtIn: false });
    expect(await service.readPolicy(created.id)).toEqual(created);

    const wrong = { headers: { 'if-match': '"7"' } };
    expect(await problemOf(service.patchPolicy(created.id, { name: 'x' }, wrong))).toMatchObject({ status: 412 });
    const right = { headers: { 'if-match': '"1"' } };
    expect(await service.patchPolicy(created.id, { ...created, name: 'CRM' }, right)).toMatchObject({
      name: 'CRM',
      version: 2,
    });
    expect(await service.patchPolicy(created.id, { name: 'CRM' })).toMatchObject({ version: 2 });
  });

  test.each([
    [{ name: 'x', attributeMerge: { type: 'newest' } }, '/attributeMerge/type'],
    [{ name: 'x', attributeMerge: { type: 'dataSetPrecedence' } }, '/attributeMerge/order'],
    [{ name: 'x', attributeMerge: byOrder('crm', 'crm') }, '/attributeMerge/order'],
    [{ name: 'x', attributeMerge: byOrder() }, '/attributeMerge/order'],
    [{ name: ' ', attributeMerge: byOrder('crm') }, '/name'],
    [{ name: 'x', attributeMerge: byOrder('crm'), isActiveOnEdge: true }, '/isActiveOnEdge'],
  ])('are refused with the place of the mistake: %j', async (body, pointer) => {
    const problem = await problemOf(profileSettingsService().createPolicy(body));
    expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer }] } });
  });

  test('have names of their own, and there are so many at most', async () => {
    const service = profileSettingsService();
    for (let n = 0; n < MERGE_POLICIES_PER_SANDBOX_MAX; n++) await service.createPolicy(policyBody(`policy ${n}`));
    expect(await problemOf(service.patchPolicy('setting-1', { name: 'policy 3' }))).toMatchObject({ status: 422 });
    expect(await problemOf(service.createPolicy(policyBody('one more')))).toMatchObject({
      status: 422,
      message: expect.stringContaining(String(MERGE_POLICIES_PER_SANDBOX_MAX)),
    });
  });

  test('that are built in stay as they are', async () => {
    const service = profileSettingsService();
    for (const body of [{ name: 'mine' }, { attributeMerge: byOrder('crm') }, { default: false }]) {
      expect(await problemOf(service.patchPolicy(BUILT_IN, body))).toMatchObject({ status: 409 });
    }
    expect(await problemOf(service.deletePolicy(BUILT_IN))).toMatchObject({ status: 409 });
  });

  test('that are the default stay until another is', async () => {
    const service = profileSettingsService();
    const { id } = await service.createPolicy(policyBody('CRM first', { default: true }));
    expect(await problemOf(service.patchPolicy(id, { default: false }))).toMatchObject({ status: 409 });
    expect(await problemOf(service.deletePolicy(id))).toMatchObject({ status: 409 });

    await service.patchPolicy(BUILT_IN, { default: true });
    await service.deletePolicy(id);
    expect(await service.policies()).toHaveLength(1);
    expect(await problemOf(service.readPolicy(id))).toMatchObject({ status: 404 });
  });
});

describe('a definition', () => {
  test.each(['draft', 'published'])(
    'that names an unknown policy is refused by its name, as %s',
    async (lifecycleState) => {
      const { definitions } = profileSettingsService();
      const body = segmentBody('Adults', undefined, { mergePolicyId: 'nobody-knows', lifecycleState });
      expect(await problemOf(definitions.create(body))).toMatchObject({
        status: 400,
        details: { mistakes: [{ pointer: '/mergePolicyId', message: expect.stringContaining('"nobody-knows"') }] },
      });
    },
  );

  test('is evaluated anew when its policy, or the default that it goes by, merges otherwise; others are not', async () => {
    const service = profileSettingsService();
    const { id } = await service.createPolicy(policyBody('CRM first'));
    await service.definitions.create(segmentBody('by policy', undefined, { mergePolicyId: id }));
    await service.definitions.create(segmentBody('by default'));
    await service.definitions.create(segmentBody('built in', undefined, { mergePolicyId: BUILT_IN }));
    // Who opted out is an attribute: a definition that leaves nobody out for it reads none.
    const keepsEverybody = { mergePolicyId: id, dataGovernancePolicy: { excludeOptOut: false } };
    await service.definitions.create(segmentBody('events', 'xEvent.count() > 1', keepsEverybody));
    const renewed = async (change: () => Promise<unknown>) => {
      await change();
      const rules = await service.rules();
      return rules?.definitions.filter(({ since }) => since === rules.rulesVersion).map(({ name }) => name);
    };

    expect(await renewed(() => service.patchPolicy(id, { name: 'Sales first' }))).toEqual([]);
    expect(await renewed(() => service.patchPolicy(id, { attributeMerge: byOrder('web') }))).toEqual(['by policy']);
    expect(await renewed(() => service.patchPolicy(id, { default: true }))).toEqual(['by default']);
    expect(await renewed(() => service.patchPolicy(id, { attributeMerge: byOrder('erp') }))).toEqual([
      'by policy',
      'by default',
    ]);
    expect(await renewed(() => service.patchPolicy(BUILT_IN, { default: true }))).toEqual(['by default']);
  });

  test('holds its policy in place, published or not, and is named by whoever wants to delete it', async () => {
    const service = profileSettingsService();
    const { id } = await service.createPolicy(policyBody('CRM first'));
    const live = await service.definitions.create(segmentBody('Live', undefined, { mergePolicyId: id }));
    const draft = { mergePolicyId: id, lifecycleState: 'draft' };
    const kept = await service.definitions.create(segmentBody('Draft', undefined, draft));

    const problem = await problemOf(service.deletePolicy(id));
    expect(problem).toMatchObject({ status: 409, code: 'in-use' });
    for (const { id: user } of [live, kept]) expect(problem.message).toContain(user);

    await service.definitions.patch(live.id, { mergePolicyId: BUILT_IN });
    await service.definitions.remove(kept.id);
    expect((await service.deletePolicy(id)).status).toBe(200);
  });
});

test('policies that are written at the same time are all there, and the rules have them all', async () => {
  const service = profileSettingsService();
  await Promise.all([1, 2, 3, 4].map((n) => service.createPolicy(policyBody(`policy ${n}`))));

  expect(await service.policies()).toHaveLength(5);
  expect((await service.rules())?.mergePolicies).toHaveLength(4);
});
