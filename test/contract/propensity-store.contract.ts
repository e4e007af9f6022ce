import { expect, test } from 'vitest';
import type { PropensityInstance } from '#shared/propensity/instance.ts';
import type { PropensityStore } from '#shared/propensity/propensity-store.ts';
import { type PropensityRun, runIdAt } from '#shared/propensity/run.ts';

const instance = (version: number, more: Partial<PropensityInstance> = {}): PropensityInstance => ({
  ...{ id: 'buys', sandboxName: 'prod', displayName: 'Buys', type: 'conversion', timerId: 't1', state: 'draft' },
  goal: { occurrence: 'will', match: 'any', conditions: ['eventType = "x"'], windowDays: 30 },
  ...{ customEvents: [], profileAttributes: [], excludedEventTypes: [], creationTime: 1, updateTime: 1, version },
  ...more,
});

const run = (at: number, more: Partial<PropensityRun> = {}): PropensityRun => ({
  ...{ sandboxName: 'prod', instanceId: 'buys', runId: runIdAt(at, 'r'), kind: 'train', source: 'api', status: 'NEW' },
  ...{ instanceVersion: 1, creationTime: at, updateTime: at, revision: 1 },
  ...more,
});

/** Run by one file per adapter. */
export function propensityStoreContract(open: () => Promise<PropensityStore>): void {
  instancesContract(open);
  runsContract(open);
  clearingContract(open);
}

function instancesContract(open: () => Promise<PropensityStore>): void {
  test('an instance is found and listed as it was put, in its sandbox', async () => {
    const store = await open();
    await store.putInstance(undefined, instance(1));

    expect(await store.findInstance('prod', 'buys')).toEqual(instance(1));
    expect(await store.listInstances('prod')).toEqual([instance(1)]);
    expect([await store.findInstance('dev', 'buys'), await store.listInstances('dev')]).toEqual([undefined, []]);
  });

  test('of two that change the same version one is refused', async () => {
    const store = await open();
    await store.putInstance(undefined, instance(1));
    const both = ['a', 'b'].map((displayName) => instance(2, { displayName }));

    const put = await Promise.all(both.map((each) => store.putInstance(instance(1), each)));

    expect([...put].sort()).toEqual([false, true]);
    expect(await store.putInstance(undefined, instance(1))).toBe(false);
  });

  test('an instance is deleted as it was read, and its runs with it', async () => {
    const store = await open();
    await store.putInstance(undefined, instance(1));
    await store.beginRun(run(1000), undefined);

    expect(await store.deleteInstance(instance(2))).toBe(false);
    expect(await store.deleteInstance(instance(1))).toBe(true);

    expect(await store.findInstance('prod', 'buys')).toBeUndefined();
    expect(await store.listRuns('prod', 'buys', 10)).toEqual([]);
    expect(await store.latestRun('prod', 'buys')).toBeUndefined();
    expect(await store.beginRun(run(2000), undefined)).toBe(true);
  });
}

function clearingContract(open: () => Promise<PropensityStore>): void {
  test('the run that takes the scores of a deleted instance away outlives it, until it is forgotten', async () => {
    const store = await open();
    await store.putInstance(undefined, instance(1));
    await store.beginRun(run(1000), undefined);
    const clearing = run(2000, { kind: 'clear' });
    await store.beginRun(clearing, run(1000));

    expect(await store.deleteInstance(instance(1), clearing)).toBe(true);
    expect(await store.listRuns('prod', 'buys', 10)).toEqual([clearing]);
    expect(await store.latestRun('prod', 'buys')).toEqual(clearing);

    await store.forgetRun(clearing);
    expect(await store.listRuns('prod', 'buys', 10)).toEqual([]);
    expect(await store.beginRun(run(3000), undefined)).toBe(true);
    await store.forgetRun(clearing);
    expect(await store.latestRun('prod', 'buys')).toEqual(run(3000));
  });
}

function runsContract(open: () => Promise<PropensityStore>): void {
  test('of two runs that begin after the same one, one begins', async () => {
    const store = await open();
    const first = run(1000);
    expect(await store.beginRun(first, undefined)).toBe(true);
    const both = [run(2000), run(2001)];

    const begun = await Promise.all(both.map((each) => store.beginRun(each, first)));

    expect([...begun].sort()).toEqual([false, true]);
    const winner = both[begun.indexOf(true)] as PropensityRun;
    expect(await store.latestRun('prod', 'buys')).toEqual(winner);
    expect(await store.listRuns('prod', 'buys', 10)).toEqual([winner, first]);
    expect(await store.beginRun(run(3000), undefined)).toBe(false);
  });

  test('a run that was over when it was made is listed, and is never the latest', async () => {
    const store = await open();
    const skipped = run(2000, { status: 'SKIPPED', source: 'scheduler' });
    await store.beginRun(run(1000), undefined);

    expect(await store.addEndedRun(skipped)).toBe(true);
    expect(await store.addEndedRun(skipped)).toBe(false);

    expect(await store.listRuns('prod', 'buys', 10)).toEqual([skipped, run(1000)]);
    expect(await store.latestRun('prod', 'buys')).toEqual(run(1000));
  });

  test('runs are listed by their time, the newest first, as many as are asked for', async () => {
    const store = await open();
    for (const at of [3000, 1000, 2_000_000_000_000, 2000]) await store.addEndedRun(run(at));

    const times = (await store.listRuns('prod', 'buys', 3)).map(({ creationTime }) => creationTime);

    expect(times).toEqual([2_000_000_000_000, 3000, 2000]);
  });

  test('a run changes on condition of its revision', async () => {
    const store = await open();
    await store.beginRun(run(1000), undefined);
    const after = run(1000, { status: 'PROCESSING', revision: 2 });

    expect(await store.putRun(run(1000), after)).toBe(true);
    expect(await store.putRun(run(1000), run(1000, { status: 'FAILED', revision: 2 }))).toBe(false);
    expect(await store.findRun(run(1000))).toEqual(after);
  });
}
