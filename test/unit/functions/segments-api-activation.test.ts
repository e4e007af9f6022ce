/** Whether everybody follows a definition already: from the rules that brought it, and how far the walk after them is. */
import { expect, test } from 'vitest';
import { NO_BACKFILL } from '#shared/batch/backfill.ts';
import { segmentBody, segmentsService } from '#test/support/segments-service.ts';

async function withTwo() {
  const service = segmentsService();
  const first = await service.create(segmentBody('first'));
  const second = await service.create(segmentBody('second'));
  const states = async () => {
    const { segments } = await service.list({ sort: 'creationTime:asc' });
    return segments.map(({ evaluationInfo }) => evaluationInfo.continuous.state);
  };
  return { service, first, second, states };
}

test('a definition is activating until a walk has seen everybody follow it, with the counts of the last pass', async () => {
  const { service, second, states } = await withTwo();
  expect(await states()).toEqual(['activating', 'activating']);
  const pass = { ...NO_BACKFILL, verifiedVersion: 1, passVersion: 2, profiles: 10, behind: 4 };
  await service.backfills.put('prod', undefined, pass);

  expect(await states()).toEqual(['active', 'activating']);
  expect((await service.find(second.id)).evaluationInfo.continuous.progress).toEqual({ profiles: 10, behind: 4 });
});

test('another name leaves a definition active, another condition does not', async () => {
  const { service, first, states } = await withTwo();
  await service.backfills.put('prod', undefined, { ...NO_BACKFILL, verifiedVersion: 2, passVersion: 2 });
  await service.patch(first.id, { name: 'renamed' });
  expect(await states()).toEqual(['active', 'active']);
  await service.patch(first.id, { expression: { type: 'PQL', format: 'pql/text', value: 'person.age >= 21' } });

  expect(await states()).toEqual(['activating', 'active']);
});

test('a definition says how many members were counted last and how long ago; one that nobody counted says nothing', async () => {
  const { service, first, second } = await withTwo();
  const now = service.ports.now();
  await service.sizes.keep('prod', new Map([[first.id, { at: now - 90_000, members: 3 }]]));
  await service.sizes.keep('prod', new Map([[first.id, { at: now - 60_000, members: 7 }]]));
  await service.sizes.keep('dev', new Map([[second.id, { at: now, members: 9 }]]));

  const size = {
    members: 7,
    exact: true,
    asOf: new Date(now - 60_000).toISOString(),
    ageInSeconds: expect.any(Number),
  };
  expect((await service.find(first.id)).size).toEqual(size);
  expect((await service.find(first.id)).size?.ageInSeconds).toBeGreaterThanOrEqual(60);
  const { segments } = await service.list({ sort: 'creationTime:asc' });
  expect(segments.map((definition) => definition.size?.members)).toEqual([7, undefined]);
});

test('a definition may be sent back with the size that it was read with', async () => {
  const { service, first } = await withTwo();
  await service.sizes.keep('prod', new Map([[first.id, { at: 0, members: 7 }]]));
  const { size } = await service.find(first.id);
  const patched = await service.patch(first.id, { description: 'of age', size });

  expect(patched).toMatchObject({ description: 'of age', version: 2 });
  expect(size).toBeDefined();
});
