/** What every store of batch results promises. Run by one file per adapter, each time on an empty store. */
import { describe, expect, test } from 'vitest';
import { type BatchResults, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults, type BatchResultsStore } from '#shared/profile/batch-results-store.ts';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';

const keyOf = (number: number): ProfileKey => ({ sandboxName: 'prod', profileId: `profile-${number}` });

const scheduled = (ordinal: number, at: number, qualifies = true): BatchResults => ({
  ...NO_BATCH_RESULTS,
  segments: new Map([[ordinal, { qualifies, at, rulesVersion: 1 }]]),
});

const external = (ordinal: number, at: number, validUntil: number): BatchResults => ({
  ...NO_BATCH_RESULTS,
  external: new Map([[ordinal, { at, validUntil }]]),
});

export function batchResultsStoreContract(open: () => Promise<BatchResultsStore>): void {
  describe('versions', () => followsVersions(open));
  describe('adding what a job found', () => addsFindings(open));
}

async function stored(store: BatchResultsStore, number = 1) {
  return (await store.read([keyOf(number)])).get(profileKeyText(keyOf(number)));
}

function followsVersions(open: () => Promise<BatchResultsStore>): void {
  test('a profile of which no job said anything has no results', async () => {
    const store = await open();

    expect(await store.read([keyOf(1), keyOf(2)])).toEqual(new Map());
    expect(await store.write([])).toEqual([]);
  });

  test.each([0, 1, 3])('a write that expects version %s where version 2 is stored is a conflict', async (expected) => {
    const store = await open();
    await store.write([{ key: keyOf(1), expectedVersion: 0, results: scheduled(1, 1) }]);
    await store.write([{ key: keyOf(1), expectedVersion: 1, results: scheduled(1, 2) }]);

    const write = { key: keyOf(1), expectedVersion: expected, results: scheduled(1, 9) };
    expect(await store.write([write])).toEqual(['conflict']);
    expect(await stored(store)).toEqual({ version: 2, results: scheduled(1, 2) });
  });

  test('sixty are written in one call, each outcome in the place of its write', async () => {
    const store = await open();
    const write = (number: number) => ({ key: keyOf(number), expectedVersion: 0, results: scheduled(number + 1, 5) });
    await store.write([write(3), write(40)]);

    const outcomes = await store.write(Array.from({ length: 60 }, (_, number) => write(number)));

    expect(outcomes.flatMap((outcome, index) => (outcome === 'conflict' ? [index] : []))).toEqual([3, 40]);
    expect((await stored(store, 59))?.results).toEqual(scheduled(60, 5));
  });
}

function addsFindings(open: () => Promise<BatchResultsStore>): void {
  test('what one job decided stays beside what another did', async () => {
    const store = await open();

    await addBatchResults([{ key: keyOf(1), results: scheduled(1, 10) }], store);
    await addBatchResults([{ key: keyOf(1), results: external(2, 5, 50) }], store);

    const { segments } = scheduled(1, 10);
    expect((await stored(store))?.results).toEqual({ ...external(2, 5, 50), segments });
  });

  test('an older job changes nothing, and says that it did not', async () => {
    const store = await open();
    expect(await addBatchResults([{ key: keyOf(1), results: scheduled(1, 10) }], store)).toEqual([keyOf(1)]);

    expect(await addBatchResults([{ key: keyOf(1), results: scheduled(1, 9, false) }], store)).toEqual([]);
    expect(await addBatchResults([{ key: keyOf(1), results: scheduled(1, 10) }], store)).toEqual([]);
    expect((await stored(store))?.results).toEqual(scheduled(1, 10));
  });

  test('of many jobs at once none undoes another, and the newest holds', async () => {
    const store = await open();
    const jobs = Array.from({ length: 6 }, (_, index) =>
      addBatchResults(
        [{ key: keyOf(1), results: index % 2 === 0 ? scheduled(1, index) : external(index, 1, 9) }],
        store,
      ),
    );
    await Promise.all(jobs);

    const { results } = (await stored(store)) as { results: BatchResults };
    expect(results.segments.get(1)?.at).toBe(4);
    expect([...results.external.keys()]).toEqual([1, 3, 5]);
  });
}
