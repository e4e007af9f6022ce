/** What every store of changes of the identity graph promises. */
import { expect, test } from 'vitest';
import type { GraphRebuild, GraphRebuildStore } from '#shared/batch/graph-rebuild.ts';

const rebuild = (jobId: string, sandboxName = 'prod'): GraphRebuild => ({
  jobId,
  sandboxName,
  identityGraph: 'none',
  rulesVersion: 3,
  requestedBy: 'admin',
  requestedAt: 1000,
});

export function graphRebuildsContract(open: () => Promise<GraphRebuildStore>): void {
  test('what was put is found in its own sandbox, and is listed the newest first, by page', async () => {
    const store = await open();
    for (const jobId of ['1', '3', '2']) await store.put(rebuild(jobId));
    await store.put(rebuild('4', 'other'));

    expect(await store.find('prod', '2')).toEqual(rebuild('2'));
    expect(await store.find('other', '2')).toBeUndefined();
    const page = async (limit: number, after?: string) =>
      (await store.list('prod', { limit, after })).map(({ jobId }) => jobId);
    expect(await page(2)).toEqual(['3', '2']);
    expect(await page(2, '2')).toEqual(['1']);
    expect(await page(5, '3')).toEqual(['2', '1']);
    expect(await page(5, '1')).toEqual([]);
  });
}
