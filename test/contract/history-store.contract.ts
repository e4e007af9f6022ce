/** What every store of history promises. Run by one file per adapter, each time on an empty store. */
import { expect, test } from 'vitest';
import type { HistoryChunk } from '#shared/profile/history.ts';
import type { HistoryStore, ProfileKey } from '#shared/profile/profile-store.ts';

const key: ProfileKey = { sandboxName: 'prod', profileId: 'profile-1' };
const NOW = Date.UTC(2026, 4, 10);

const chunk = (oldest: number, newest: number, version = 1): HistoryChunk => ({
  oldest,
  newest,
  version,
  events: [oldest, newest].map((timestamp) => ({ timestamp, packed: Uint8Array.of(version) })),
});

const versions = (chunks: readonly HistoryChunk[]) => chunks.map(({ version }) => version).sort((a, b) => a - b);

export function historyStoreContract(open: () => Promise<HistoryStore>): void {
  test('a chunk comes back as it was', async () => {
    const store = await open();
    await store.append(key, chunk(NOW - 5, NOW));

    expect(await store.read(key)).toEqual([chunk(NOW - 5, NOW)]);
    expect(await store.read({ ...key, profileId: 'profile-2' })).toEqual([]);
    expect(await store.read({ ...key, sandboxName: 'dev' })).toEqual([]);
  });

  test('every chunk that may hold an instant is found, from its first to its last', async () => {
    const store = await open();
    await store.append(key, chunk(10, 20, 1));
    await store.append(key, chunk(15, 30, 2));
    await store.append(key, chunk(31, 31, 3));

    const found = async (instant: number) => versions(await store.read(key, instant));
    expect(await found(9)).toEqual([]);
    expect(await found(10)).toEqual([1]);
    expect(await found(20)).toEqual([1, 2]);
    expect(await found(21)).toEqual([2]);
    expect(await found(31)).toEqual([3]);
    expect(await found(32)).toEqual([]);
  });

  test('a chunk appended again is there once', async () => {
    const store = await open();
    await store.append(key, chunk(NOW - 5, NOW));
    await store.append(key, chunk(NOW - 5, NOW));

    expect(await store.read(key)).toHaveLength(1);
  });

  test('chunks of different versions that end at one instant are both kept', async () => {
    const store = await open();
    await store.append(key, chunk(NOW - 5, NOW, 1));
    await store.append(key, chunk(NOW - 9, NOW, 2));

    expect(versions(await store.read(key, NOW))).toEqual([1, 2]);
  });

  test('instants before 1970 and far from it are found like any other', async () => {
    const store = await open();
    const year10000 = 253_402_300_800_000;
    await store.append(key, chunk(-year10000, -year10000 + 1, 1));
    await store.append(key, chunk(-20, -10, 2));
    await store.append(key, chunk(-5, 5, 3));
    await store.append(key, chunk(year10000, year10000 + 1, 4));

    expect(versions(await store.read(key, -15))).toEqual([2]);
    expect(versions(await store.read(key, -10))).toEqual([2]);
    expect(versions(await store.read(key, 0))).toEqual([3]);
    expect(versions(await store.read(key, -year10000 + 1))).toEqual([1]);
    expect(versions(await store.read(key, year10000))).toEqual([4]);
    expect(versions(await store.read(key))).toEqual([1, 2, 3, 4]);
  });

  test('more than a page of chunks is read to the end', async () => {
    const store = await open();
    const large = Array.from({ length: 8 }, (_, index): HistoryChunk => {
      const events = [{ timestamp: index, packed: new Uint8Array(200_000) }];
      return { oldest: 0, newest: index, version: index, events };
    });
    for (const each of large) await store.append(key, each);

    expect(versions(await store.read(key))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(versions(await store.read(key, 2))).toEqual([2, 3, 4, 5, 6, 7]);
  });
}
