import { expect, test } from 'vitest';
import type { Census } from '#shared/preview/census.ts';
import { newPreview, type Preview } from '#shared/preview/preview.ts';
import type { PreviewStore } from '#shared/preview/preview-store.ts';

const preview = (revision: number, more: Partial<Preview> = {}): Preview => ({
  ...newPreview(
    {
      ...{ id: 'preview-1', sandboxName: 'prod', asked: { expression: 'person.age > 1' }, wantsClauses: false },
      ...{ at: 1000, seed: 'seed', totalSegments: 8, rowsPerSegment: 64 },
    },
    undefined,
  ),
  revision,
  ...more,
});

const census: Census = { share: 0.5, found: 10, scanned: 20, at: 5, totalSegments: 8, isExact: false, seeds: ['a'] };

/** Run by one file per adapter. */
export function previewStoreContract(open: () => Promise<PreviewStore>): void {
  test('a preview is found as it was put', async () => {
    const store = await open();

    expect(await store.put(preview(1), 100_000)).toBe(true);

    expect(await store.find('prod', 'preview-1', 50_000)).toEqual(preview(1));
  });

  test('it is not found in another sandbox, by another id, or once it has expired', async () => {
    const store = await open();
    await store.put(preview(1), 100_000);

    expect(await store.find('dev', 'preview-1', 50_000)).toBeUndefined();
    expect(await store.find('prod', 'preview-2', 50_000)).toBeUndefined();
    expect(await store.find('prod', 'preview-1', 100_000)).toBeUndefined();
  });

  test('of two that put the same revision one is refused', async () => {
    const store = await open();
    await store.put(preview(1), 100_000);
    const both = [preview(2, { seed: 'a' }), preview(2, { seed: 'b' })];

    const stored = await Promise.all(both.map((each) => store.put(each, 100_000)));

    expect([...stored].sort()).toEqual([false, true]);
    expect(await store.find('prod', 'preview-1', 0)).toEqual(both[stored.indexOf(true)]);
    expect(await store.put(preview(1), 100_000)).toBe(false);
  });

  test('one that was deleted is not brought back by a revision that was on its way', async () => {
    const store = await open();
    await store.put(preview(1), 100_000);

    expect(await store.remove('prod', 'preview-1')).toBe(true);

    expect(await store.put(preview(2), 100_000)).toBe(false);
    expect(await store.remove('prod', 'preview-1')).toBe(false);
    expect(await store.find('prod', 'preview-1', 0)).toBeUndefined();
  });

  test('each sandbox has its census', async () => {
    const store = await open();
    expect(await store.findCensus('prod')).toBeUndefined();

    await store.putCensus('prod', census);

    expect(await store.findCensus('prod')).toEqual(census);
    expect(await store.findCensus('dev')).toBeUndefined();
  });
}
