/** Definitions are held to the schema of their sandbox, and keep the one that they were accepted with. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { FieldSchema } from '#shared/schema/field-schema.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

let service: ReturnType<typeof segmentsService>;
beforeEach(() => {
  service = segmentsService();
});

let versions = 0;
const declare = async (properties: Readonly<Record<string, FieldSchema>>, sandbox = 'prod') => {
  const version = ((await service.schemas.find(sandbox as SandboxName)).profile?.version ?? 0) + 1;
  versions += 1;
  const schema = { name: 'profile', version, extension: { properties }, updateTime: versions } as const;
  expect(await service.schemas.put(sandbox as SandboxName, schema)).toBe(true);
};
const live = async () => (await service.rules())?.definitions[0];

const NUMBER = { type: 'number' } as const;
const TIME = { type: 'string', format: 'date-time' } as const;

describe('a definition over a field of the sandbox', () => {
  test('is refused where a value is not of the declared type, with the place', async () => {
    await declare({ shoeSize: NUMBER });
    const problem = await problemOf(service.create(segmentBody('Large', 'shoeSize > "large"')));

    expect(problem).toMatchObject({ code: 'invalid-expression' });
    expect(problem.details.diagnostics).toMatchObject([{ code: 'PQL3004', start: 11 }]);
    expect(await service.create(segmentBody('Large', 'shoeSize > "45"'))).toMatchObject({ name: 'Large' });
  });

  test('is held to nothing that another sandbox declares', async () => {
    await declare({ shoeSize: NUMBER }, 'dev');
    expect(await service.create(segmentBody('Large', 'shoeSize > "large"'))).toMatchObject({ version: 1 });
  });

  test('takes with it what it names and nothing else, and shows none of it', async () => {
    const crm = { type: 'object', properties: { tier: { type: 'string' }, score: NUMBER } } as const;
    await declare({
      shoeSize: { ...NUMBER, title: 'Shoe size', 'meta:labels': ['C2'] },
      vip: { type: 'boolean' },
      crm,
    });
    const created = await service.create(segmentBody('Large', 'shoeSize > 45 and crm.score > 3'));

    expect((await live())?.declared).toEqual({
      profile: { properties: { crm: { type: 'object', properties: { score: NUMBER } }, shoeSize: NUMBER } },
    });
    expect(created).not.toHaveProperty('declared');
    expect((await service.rules())?.format).toBe(2);
  });

  test('is evaluated by the declared type', async () => {
    await declare({ renewal: TIME });
    await service.create(segmentBody('Due', 'renewal < now'));
    const rules = await service.rules();
    const [definition] = compileRules(rules as NonNullable<typeof rules>).definitions;
    const [undeclared] = compileRules({
      ...(rules as NonNullable<typeof rules>),
      definitions: [{ ...(await live()), declared: undefined } as never],
    }).definitions;

    expect(definition?.plan.clock).not.toBe('none');
    const read = (each: typeof definition) =>
      each?.plan.evaluate({
        profile: { renewal: '2026-01-01T00:00:00Z' },
        now: Date.parse('2026-02-01T00:00:00Z'),
        rows: () => [],
        isMember: () => false,
        events: () => [],
      } as never);
    expect([read(definition), read(undeclared)]).toEqual([true, false]);
  });

  test('means what it meant when the schema changes, until its expression is sent again', async () => {
    await declare({ shoeSize: NUMBER });
    const { id } = await service.create(segmentBody('Large', 'shoeSize > 45'));
    const before = await live();
    await declare({ shoeSize: { type: 'string' } });
    await service.patch(id, { name: 'Very large' });

    expect((await live())?.declared).toEqual(before?.declared);
    expect((await live())?.since).toBe(before?.since);

    await service.patch(id, { expression: segmentBody('', 'shoeSize > 45').expression });
    expect((await live())?.declared).toEqual({ profile: { properties: { shoeSize: { type: 'string' } } } });
    expect((await live())?.since).toBeGreaterThan(before?.since ?? 0);
  });

  test('is not concerned by a change of other fields', async () => {
    await declare({ shoeSize: NUMBER });
    const { id } = await service.create(segmentBody('Large', 'shoeSize > 45'));
    await declare({ shoeSize: { ...NUMBER, title: 'Size' }, vip: { type: 'boolean' } });

    const again = await service.patch(id, { expression: segmentBody('', 'shoeSize > 45').expression });
    expect(again.version).toBe(1);
  });

  test('that names default fields only takes nothing along', async () => {
    await declare({ shoeSize: NUMBER });
    const dataGovernancePolicy = { excludeOptOut: false };
    await service.create(segmentBody('Adults', 'person.birthYear < 2008', { dataGovernancePolicy }));
    expect(await live()).not.toHaveProperty('declared');
    expect((await service.rules())?.format).toBe(1);
  });
});

describe('a validation', () => {
  const validate = async (value: string) => {
    const body = { expression: { type: 'PQL', format: 'pql/text', value } };
    const routeKey = 'POST /data/core/ups/segment/definitions/validate';
    const { body: answer } = await service.send({ routeKey, body });
    return answer as { valid: boolean; diagnostics: readonly { code: string; hint?: string }[] };
  };

  test('warns of a name that is neither declared nor seen, and says which was meant', async () => {
    await declare({ shoeSize: NUMBER });
    await service.fields.putIndex('prod', 'profile', { version: 1, paths: ['', 'crm.tier', 'homeAddress.quarter'] });

    expect(await validate('shoeSise > 40 and homeAddress.quater = "x" and crm.tier = "gold"')).toMatchObject({
      valid: true,
      diagnostics: [
        { code: 'PQL4004', severity: 'warning', hint: 'did you mean "shoeSize"?' },
        { code: 'PQL4004', severity: 'warning', hint: 'did you mean "quarter"?' },
      ],
    });
  });

  test('says nothing of names before the first record, nor once the limit of observed fields is reached', async () => {
    expect((await validate('zeppelin = 1')).diagnostics).toEqual([]);
    await service.fields.putIndex('prod', 'profile', { version: 1, paths: ['a'], fullSince: 1 });
    expect((await validate('zeppelin = 1')).diagnostics).toEqual([]);
  });
});
