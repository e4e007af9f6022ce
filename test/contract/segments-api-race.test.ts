/** Authors who collide, against the real engine's conditions and transactions. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import type { SegmentId } from '#shared/kernel/brand.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const open = async () => {
  const segments = new DynamoControlStore(await tables.create('S'), tables.client);
  return segmentsService({ segments, newId: () => randomUUID() as SegmentId });
};

test('of many that publish at once each is live in the end, under an ordinal of its own', async () => {
  const service = await open();
  await Promise.all(Array.from({ length: 6 }, (_, number) => service.create(segmentBody(`Segment ${number}`))));

  const rules = await service.rules();
  expect(rules?.rulesVersion).toBe(6);
  expect(rules?.definitions.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6]);
  expect((await service.list()).page.totalCount).toBe(6);
});

test('of many that take one name at once one succeeds and the others get 422', async () => {
  const service = await open();
  const calls = Array.from({ length: 5 }, () => service.create(segmentBody('Adults')));

  const outcomes = await Promise.allSettled(calls);
  const lost = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];

  expect(lost.map(({ reason }) => reason.code)).toEqual(Array(4).fill('name-in-use'));
  expect((await service.rules())?.definitions).toHaveLength(1);
});

test('of two changes of one version under If-Match one succeeds and the other gets 412', async () => {
  const service = await open();
  const { id } = await service.create(segmentBody('Adults'));
  const headers = { 'if-match': '"1"' };
  const change = (age: number) =>
    service.patch(id, { expression: segmentBody('', `person.age >= ${age}`).expression }, { headers });

  const outcomes = await Promise.allSettled([change(21), change(65)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const live = (await service.rules())?.definitions[0]?.expression;
  expect((await service.find(id)).expression.value).toBe(live);
});

test('a definition cannot be deleted while another starts to use it', async () => {
  for (let round = 0; round < 5; round++) {
    const service = await open();
    const used = await service.create(segmentBody('Adults'));

    await Promise.allSettled([
      service.remove(used.id),
      service.create(segmentBody('Young adults', 'inSegment("Adults") and person.age < 30')),
    ]);

    const names = (await service.rules())?.definitions.map(({ name }) => name);
    expect([[], ['Adults', 'Young adults']]).toContainEqual(names);
  }
});

test('what is read back after a change is the change', async () => {
  const service = await open();
  const created = await service.create(segmentBody('Adults', undefined, { tags: ['a'], timeZone: 'Asia/Seoul' }));

  expect(await service.find(created.id)).toEqual(created);
  await service.remove(created.id);
  expect(await problemOf(service.find(created.id))).toMatchObject({ status: 404 });
});
