/** What every store of settings that stand in the rules promises. Run by one file per adapter, each time on empty stores. */
import { expect, test } from 'vitest';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { RulesResourceStore } from '#shared/segment/rules-resource-store.ts';
import type { SegmentStore } from '#shared/segment/segment-store.ts';

interface Setting {
  readonly id: string;
  readonly version: number;
  readonly name?: string;
}

interface Opened {
  readonly store: RulesResourceStore<Setting>;
  readonly segments: Pick<SegmentStore, 'findRules'>;
}

const prod = 'prod' as SandboxName;
const dev = 'dev' as SandboxName;
const rulesAfter = (previousVersion: number) => ({
  previousVersion,
  next: { rulesVersion: previousVersion + 1, artifactKey: `rules/${previousVersion + 1}`, nextSegmentOrdinal: 1 },
});

export function rulesResourcesContract(open: () => Promise<Opened>): void {
  test('a setting is found after it is committed, in its sandbox alone', async () => {
    const { store } = await open();
    expect(await store.find(prod, 'a')).toBeUndefined();
    expect(await store.commit({ sandboxName: prod, after: { id: 'b', version: 1 } })).toBe('committed');
    expect(await store.commit({ sandboxName: prod, after: { id: 'a', version: 1, name: 'A' } })).toBe('committed');

    expect(await store.find(prod, 'a')).toEqual({ id: 'a', version: 1, name: 'A' });
    expect((await store.list(prod)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await store.list(dev)).toEqual([]);
  });

  test('it is changed and deleted only as it was read', async () => {
    const { store } = await open();
    const [first, second] = [
      { id: 'a', version: 1 },
      { id: 'a', version: 2 },
    ];
    await store.commit({ sandboxName: prod, after: first });

    expect(await store.commit({ sandboxName: prod, after: first })).toBe('changed');
    expect(await store.commit({ sandboxName: prod, before: first, after: second })).toBe('committed');
    expect(await store.commit({ sandboxName: prod, before: first })).toBe('changed');
    expect(await store.commit({ sandboxName: prod, before: second })).toBe('committed');
    expect(await store.list(prod)).toEqual([]);
  });

  test('rules and setting change together or not at all', async () => {
    const { store, segments } = await open();
    const setting = { id: 'a', version: 1 };
    expect(await store.commit({ sandboxName: prod, after: setting, rules: rulesAfter(3) })).toBe('changed');
    expect(await store.list(prod)).toEqual([]);

    expect(await store.commit({ sandboxName: prod, after: setting, rules: rulesAfter(0) })).toBe('committed');
    expect(await segments.findRules(prod)).toEqual(rulesAfter(0).next);
    expect(await store.commit({ sandboxName: prod, after: setting, rules: rulesAfter(1) })).toBe('changed');
    expect(await segments.findRules(prod)).toEqual(rulesAfter(0).next);
    expect(await store.commit({ sandboxName: prod, rules: rulesAfter(1) })).toBe('committed');
    expect(await segments.findRules(prod)).toEqual(rulesAfter(1).next);
  });
}
