/** The smaller stores of batch: how far a walk is, and sizes over time. */
import { expect, test } from 'vitest';
import { type Backfill, type BackfillStore, NO_BACKFILL } from '#shared/batch/backfill.ts';
import type { SizeStore } from '#shared/batch/sizes.ts';

const backfill = (revision: number, more: Partial<Backfill> = {}): Backfill => ({ ...NO_BACKFILL, revision, ...more });

export function backfillStoreContract(open: () => Promise<BackfillStore>): void {
  test('a sandbox has no walk until one is put, and it is its own', async () => {
    const store = await open();
    expect(await store.find('prod')).toBeUndefined();

    expect(await store.put('prod', undefined, backfill(1, { jobId: 'walk-1', seenVersion: 4 }))).toBe(true);

    expect(await store.find('prod')).toEqual(backfill(1, { jobId: 'walk-1', seenVersion: 4 }));
    expect(await store.find('dev')).toBeUndefined();
  });

  test('of two that begin at the same time one is refused', async () => {
    const store = await open();
    const both = ['walk-1', 'walk-2'].map((jobId) => backfill(1, { jobId }));

    const stored = await Promise.all(both.map((each) => store.put('prod', undefined, each)));

    expect([...stored].sort()).toEqual([false, true]);
    expect(await store.find('prod')).toEqual(both[stored.indexOf(true)]);
  });

  test('what was read before somebody else changed it is refused', async () => {
    const store = await open();
    await store.put('prod', undefined, backfill(1));
    expect(await store.put('prod', backfill(1), backfill(2, { passes: 1 }))).toBe(true);

    expect(await store.put('prod', backfill(1), backfill(2, { passes: 9 }))).toBe(false);

    expect(await store.find('prod')).toEqual(backfill(2, { passes: 1 }));
  });
}

export function sizeStoreContract(open: () => Promise<SizeStore>): void {
  test('points come newest first, however they were put and however long their instants are', async () => {
    const store = await open();
    for (const at of [900, 1_700_000_000_000, 1_000_000]) {
      await store.keep('prod', new Map([['segment-1', { at, members: at % 7 }]]));
    }

    const points = await store.newest('prod', 'segment-1', 2);

    expect(points).toEqual([1_700_000_000_000, 1_000_000].map((at) => ({ at, members: at % 7 })));
  });

  test('the same instant written again holds the later number', async () => {
    const store = await open();
    await store.keep('prod', new Map([['segment-1', { at: 5000, members: 1 }]]));
    await store.keep('prod', new Map([['segment-1', { at: 5000, members: 2 }]]));

    expect(await store.newest('prod', 'segment-1', 10)).toEqual([{ at: 5000, members: 2 }]);
  });

  test('more definitions than one request takes are kept at once, each its own, of the sandbox alone', async () => {
    const store = await open();
    const ids = Array.from({ length: 60 }, (_, index) => `segment-${index}`);
    await store.keep('prod', new Map(ids.map((id, members) => [id, { at: 5000, members }])));

    const found = await Promise.all(ids.map((id) => store.newest('prod', id, 10)));

    expect(found).toEqual(ids.map((_, members) => [{ at: 5000, members }]));
    expect(await store.newest('dev', 'segment-1', 10)).toEqual([]);
  });
}
