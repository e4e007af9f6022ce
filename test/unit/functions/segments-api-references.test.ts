import { describe, expect, test } from 'vitest';
import { PUBLISHED_DEFINITIONS_MAX } from '#functions/segments-api/commit-change.ts';
import type { Destination } from '#shared/activation/destination.ts';
import { MemoryRulesArtifactStore, MemorySegmentStore } from '#shared/memory/memory-segment-store.ts';
import { NO_RULES } from '#shared/segment/rules.ts';
import { definition, definitionId } from '#test/support/definitions.ts';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

const using = (reference: string) => `inSegment("${reference}") and person.age < 30`;

async function usedByName() {
  const service = segmentsService();
  const used = await service.create(segmentBody('Adults'));
  const user = await service.create(segmentBody('Young adults', using('Adults')));
  return { service, used, user };
}

test('a definition that a destination names is neither deleted nor withdrawn: 409 names the destination', async () => {
  const service = segmentsService();
  const [used, free] = [await service.create(segmentBody('Adults')), await service.create(segmentBody('Others'))];
  const common: Omit<Destination, 'id' | 'name' | 'segments'> = {
    sandboxName: 'prod',
    target: { kind: 'files' },
    identityNamespaces: [],
    attributes: [],
    marketingActions: [],
    state: 'paused',
    signingKeys: [],
    version: 1,
    creationTime: 0,
    updateTime: 0,
  };
  await service.destinations.put(undefined, { ...common, id: 'd1', name: 'CRM', segments: [used.id] });
  await service.destinations.put(undefined, { ...common, id: 'd2', name: 'Everything', segments: 'all' });

  const problem = await problemOf(service.remove(used.id));

  expect(problem).toMatchObject({ status: 409, code: 'in-use', message: expect.stringMatching(/"CRM" \(d1\)/) });
  expect(problem.message).not.toContain('Everything');
  await service.remove(free.id);
});

describe('a definition that another uses', () => {
  test.each([['name'], ['id']])('by %s cannot be deleted: 409 names the other', async (by) => {
    const service = segmentsService();
    const used = await service.create(segmentBody('Adults'));
    const user = await service.create(segmentBody('Young adults', using(by === 'id' ? used.id : 'Adults')));

    const problem = await problemOf(service.remove(used.id));

    expect(problem).toMatchObject({ status: 409, code: 'in-use' });
    expect(problem.message).toContain('Young adults');
    expect(problem.message).toContain(user.id);
    expect((await service.find(used.id)).version).toBe(1);
  });

  test('cannot be withdrawn', async () => {
    const { service, used } = await usedByName();
    expect(await problemOf(service.patch(used.id, { lifecycleState: 'draft' }))).toMatchObject({ status: 409 });
  });

  test('by name cannot be renamed, by id it can', async () => {
    const { service, used, user } = await usedByName();
    expect(await problemOf(service.patch(used.id, { name: 'Grown-ups' }))).toMatchObject({ status: 409 });

    await service.patch(user.id, { expression: segmentBody('', using(used.id)).expression });
    expect(await service.patch(used.id, { name: 'Grown-ups' })).toMatchObject({ name: 'Grown-ups' });
  });

  test('can be deleted once the other is gone', async () => {
    const { service, used, user } = await usedByName();
    await service.remove(user.id);
    expect(await service.remove(used.id)).toMatchObject({ status: 200 });
  });
});

describe('an expression that names a definition', () => {
  test('that does not exist is refused, and the message says which', async () => {
    const problem = await problemOf(segmentsService().create(segmentBody('Young', using('Nobody'))));
    expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer: '/expression/value' }] } });
    expect(problem.details.mistakes?.[0]?.message).toContain('inSegment("Nobody")');
  });

  test('that is a draft is refused, until that is published', async () => {
    const service = segmentsService();
    const draft = await service.create(segmentBody('Adults', undefined, { lifecycleState: 'draft' }));
    expect(await problemOf(service.create(segmentBody('Young', using('Adults'))))).toMatchObject({ status: 400 });

    await service.patch(draft.id, { lifecycleState: 'published' });
    expect(await service.create(segmentBody('Young', using('Adults')))).toMatchObject({ name: 'Young' });
  });
});

describe('a loop', () => {
  test('of one definition with itself is refused', async () => {
    const problem = await problemOf(segmentsService().create(segmentBody('Self', using('Self'))));
    expect(problem).toMatchObject({ status: 422, code: 'definition-loop' });
    expect(problem.message).toContain('"Self" → "Self"');
  });

  test('over others is refused with its path, and nothing changes', async () => {
    const service = segmentsService();
    const first = await service.create(segmentBody('A'));
    await service.create(segmentBody('B', using('A')));
    await service.create(segmentBody('C', using('B')));

    const problem = await problemOf(service.patch(first.id, { expression: segmentBody('', using('C')).expression }));

    expect(problem.code).toBe('definition-loop');
    expect(problem.message).toContain('"A" → "C" → "B" → "A"');
    expect(await service.find(first.id)).toEqual(first);
  });

  test('is not seen where two ways lead to one definition', async () => {
    const service = segmentsService();
    await service.create(segmentBody('A'));
    await service.create(segmentBody('B', using('A')));
    await service.create(segmentBody('C', using('A')));
    expect(await service.create(segmentBody('D', `${using('B')} or ${using('C')}`))).toMatchObject({ name: 'D' });
  });
});

test('two changes that together would be a loop: the second is refused, whichever it is', async () => {
  const service = segmentsService();
  const [a, b] = [await service.create(segmentBody('A')), await service.create(segmentBody('B'))];

  const outcomes = await Promise.allSettled([
    service.patch(a.id, { expression: segmentBody('', using('B')).expression }),
    service.patch(b.id, { expression: segmentBody('', using('A')).expression }),
  ]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('of many that publish at once each is live in the end, under an ordinal of its own', async () => {
  const service = segmentsService();
  await Promise.all(Array.from({ length: 8 }, (_, number) => service.create(segmentBody(`Segment ${number}`))));

  const rules = await service.rules();
  expect(rules?.rulesVersion).toBe(8);
  expect(rules?.definitions.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test(`a sandbox holds ${PUBLISHED_DEFINITIONS_MAX} published definitions and not one more`, async () => {
  const segments = new MemorySegmentStore();
  const artifacts = new MemoryRulesArtifactStore();
  const stub = (ordinal: number) => {
    const id = definitionId(1_000_000 + ordinal);
    return { id, name: `Segment ${ordinal}`, ordinal, version: 1, since: 1, expression: 'person.age > 1', leaves: [] };
  };
  const definitions = Array.from({ length: PUBLISHED_DEFINITIONS_MAX - 1 }, (_, index) => stub(index + 1));
  const nextSegmentOrdinal = PUBLISHED_DEFINITIONS_MAX;
  await artifacts.put('full', { ...NO_RULES, rulesVersion: 1, nextSegmentOrdinal, definitions });
  const next = { rulesVersion: 1, artifactKey: 'full', nextSegmentOrdinal };
  const draft = definition({ id: definitionId(999_999), name: 'Draft', lifecycleState: 'draft' });
  await segments.commit({ sandboxName: draft.sandboxName, after: draft, rules: { previousVersion: 0, next } });
  const service = segmentsService({ segments, artifacts });

  await service.create(segmentBody('The last'));
  const problem = await problemOf(service.create(segmentBody('One more')));

  expect(problem).toMatchObject({ status: 422, code: 'limit-reached' });
  expect(problem.message).toContain(String(PUBLISHED_DEFINITIONS_MAX));
});
