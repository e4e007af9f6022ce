import { expect, test } from 'vitest';
import type { Schedule, ScheduleStore } from '#shared/schedule/schedule.ts';

const schedule = (version: number, more: Partial<Schedule> = {}): Schedule => ({
  ...{ id: 's1', sandboxName: 'prod', name: 'nightly', type: 'batch_segmentation', properties: { segments: ['*'] } },
  ...{ schedule: '0 0 1 * * ?', timeZone: 'UTC', state: 'active', creationTime: 5, updateTime: 5, version },
  ...more,
});

/** Run by one file per adapter. */
export function scheduleStoreContract(open: () => Promise<ScheduleStore>): void {
  test('a schedule is found and listed as it was put, in its sandbox', async () => {
    const store = await open();
    const other = schedule(1, { id: 's2' });

    expect(await store.put(undefined, schedule(1))).toBe(true);
    expect(await store.put(undefined, other)).toBe(true);

    expect(await store.find('prod', 's1')).toEqual(schedule(1));
    expect([...(await store.list('prod'))].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([schedule(1), other]);
    expect([await store.find('dev', 's1'), await store.list('dev')]).toEqual([undefined, []]);
  });

  test('of two that change the same version one is refused', async () => {
    const store = await open();
    await store.put(undefined, schedule(1));
    const both = [schedule(2, { name: 'a' }), schedule(2, { name: 'b' })];

    const put = await Promise.all(both.map((each) => store.put(schedule(1), each)));

    expect([...put].sort()).toEqual([false, true]);
    expect(await store.find('prod', 's1')).toEqual(both[put.indexOf(true)]);
    expect(await store.put(undefined, schedule(1))).toBe(false);
  });

  test('only the version that was read is deleted', async () => {
    const store = await open();
    await store.put(undefined, schedule(1));
    await store.put(schedule(1), schedule(2));

    expect(await store.delete(schedule(1))).toBe(false);
    expect(await store.delete(schedule(2))).toBe(true);
    expect(await store.delete(schedule(2))).toBe(false);
    expect(await store.find('prod', 's1')).toBeUndefined();
  });

  test('what became of it the last time is kept beside it, and is no schedule', async () => {
    const store = await open();
    await store.put(undefined, schedule(1));
    const firing = { scheduledTime: 7, outcome: 'started', jobId: 'j' } as const;

    await store.noteFiring('prod', 's1', firing);

    expect(await store.lastFiring('prod', 's1')).toEqual(firing);
    expect(await store.lastFiring('prod', 's2')).toBeUndefined();
    expect(await store.list('prod')).toHaveLength(1);
  });
}
