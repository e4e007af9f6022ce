/** Run by one file per adapter. */
import { expect, test } from 'vitest';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { FieldSketch } from '#shared/schema/observed/field-sketch.ts';
import { type FieldStore, NO_FIELDS } from '#shared/schema/observed/field-store.ts';
import type { SchemaStore, SchemaVersion } from '#shared/schema/schema-store.ts';

const PROD = 'prod' as SandboxName;
const DEV = 'dev' as SandboxName;
const extension = (title: string) => ({ properties: { vip: { type: 'boolean', title } } }) as const;
const version = (number: number, name: 'profile' | 'event' = 'profile'): SchemaVersion => ({
  name,
  version: number,
  extension: extension(`as of version ${number}`),
  updateTime: 1_000 * number,
});

export function schemaStoreContract(open: () => Promise<SchemaStore>): void {
  test('nothing is declared at first', async () => {
    expect(await (await open()).find(PROD)).toEqual({});
  });

  test('the newest version of each schema is found, in its sandbox only', async () => {
    const store = await open();
    expect(await store.put(PROD, version(1))).toBe(true);
    expect(await store.put(PROD, version(2))).toBe(true);
    expect(await store.put(PROD, version(1, 'event'))).toBe(true);

    expect(await store.find(PROD)).toEqual({ profile: version(2), event: version(1, 'event') });
    expect(await store.find(DEV)).toEqual({});
  });

  test('every version stays as it was', async () => {
    const store = await open();
    for (const number of [1, 2, 3]) await store.put(PROD, version(number));

    expect(await store.findVersions(PROD, { profile: 2 })).toEqual({ profile: version(2).extension });
    expect(await store.findVersions(PROD, {})).toEqual({});
  });

  test('of two writers of one version one wins', async () => {
    const store = await open();
    await store.put(PROD, version(1));
    const won = await Promise.all([store.put(PROD, version(2)), store.put(PROD, { ...version(2), updateTime: 7 })]);

    expect(won.toSorted()).toEqual([false, true]);
    expect(await store.put(PROD, version(4))).toBe(false);
  });
}

const sketchOf = (...values: readonly string[]) => {
  const sketch = new FieldSketch();
  for (const value of values) sketch.observe([value], { arrival: 5, weight: 1, person: value, eventType: 'a' });
  return sketch;
};

export function fieldStoreContract(open: () => Promise<FieldStore>): void {
  const city = { sandboxName: 'prod', subject: 'profile', path: 'homeAddress.city' } as const;

  test('a sketch is found as it was put, one of its own each time', async () => {
    const store = await open();
    expect(await store.put({ ...city, version: 1, sketch: sketchOf('Seoul', 'Busan') })).toBe(true);
    const [first] = await store.findMany([city, { ...city, path: 'vip' }]);
    first?.sketch.merge(sketchOf('Daegu'));
    const [again] = await store.findMany([city]);

    expect(again?.version).toBe(1);
    expect(again?.sketch.toBytes()).toEqual(sketchOf('Seoul', 'Busan').toBytes());
  });

  test('of two writers of one version one wins', async () => {
    const store = await open();
    await store.put({ ...city, version: 1, sketch: sketchOf('Seoul') });
    const writes = ['Busan', 'Daegu'].map((value) => store.put({ ...city, version: 2, sketch: sketchOf(value) }));

    expect((await Promise.all(writes)).toSorted()).toEqual([false, true]);
    expect(await store.put({ ...city, version: 1, sketch: sketchOf('Jeju') })).toBe(false);
  });

  test('lists those of a subject and no other, the whole among them', async () => {
    const store = await open();
    for (const path of ['', 'a.b', 'c#d']) await store.put({ ...city, path, version: 1, sketch: sketchOf('x') });
    await store.put({ ...city, subject: 'event', version: 1, sketch: sketchOf('x') });
    await store.put({ ...city, subject: 'eventType', path: 'x', version: 1, sketch: sketchOf('x') });
    await store.put({ ...city, sandboxName: 'dev', version: 1, sketch: sketchOf('x') });
    await store.putIndex('prod', 'profile', { version: 1, paths: ['a.b'] });

    expect((await store.list('prod', 'profile')).map(({ path }) => path).toSorted()).toEqual(['', 'a.b', 'c#d']);
    expect((await store.list('prod', 'event')).map(({ path }) => path)).toEqual(['homeAddress.city']);
  });

  test('the index is empty at first, and of two writers one wins', async () => {
    const store = await open();
    expect(await store.findIndex('prod', 'event')).toEqual(NO_FIELDS);
    const index = { version: 1, paths: ['a', 'b'], fullSince: 9 };

    expect(await store.putIndex('prod', 'event', index)).toBe(true);
    expect(await store.putIndex('prod', 'event', { version: 1, paths: ['c'] })).toBe(false);
    expect(await store.findIndex('prod', 'event')).toEqual(index);
  });

  test('the progress of a shard is the one put last', async () => {
    const store = await open();
    expect(await store.findProgress('shard-1')).toBeUndefined();
    await store.putProgress('shard-1', '17', 0);
    await store.putProgress('shard-1', '23', 0);
    expect(await store.findProgress('shard-1')).toBe('23');
  });
}
