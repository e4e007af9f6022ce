/** What every store of definitions promises. Run by one file per adapter, each time on an empty store. */
import { describe, expect, test } from 'vitest';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { SegmentStore } from '#shared/segment/segment-store.ts';
import { definition, definitionId } from '#test/support/definitions.ts';

const prod = 'prod' as SandboxName;
const dev = 'dev' as SandboxName;
const rules = (previousVersion: number, artifactKey = `rules/prod/${previousVersion + 1}.json`) => ({
  previousVersion,
  next: { rulesVersion: previousVersion + 1, artifactKey, nextSegmentOrdinal: 2 },
});

type Open = () => Promise<SegmentStore>;

export function segmentStoreContract(open: Open): void {
  describe('definitions', () => keepsDefinitions(open));
  describe('names', () => keepsNamesUnique(open));
  describe('competing writers', () => serialisesWriters(open));
  describe('lists', () => listsAll(open));
}

const create = (store: SegmentStore, number: number, name: string) =>
  store.commit({ sandboxName: prod, after: definition({ id: definitionId(number), name }) });

function keepsDefinitions(open: Open): void {
  test('a definition that was committed is found as it was, with its rules', async () => {
    const store = await open();
    const after = definition({ description: 'of age', labels: ['C2'], timeZone: 'Asia/Seoul' });

    expect(await store.commit({ sandboxName: prod, after, rules: rules(0) })).toBe('committed');

    expect(await store.find(prod, after.id)).toEqual(after);
    expect(await store.findIdByName(prod, 'Adults')).toBe(after.id);
    expect(await store.findRules(prod)).toEqual(rules(0).next);
  });

  test('every version is found as it was, also when the definition is gone', async () => {
    const store = await open();
    const before = definition();
    const after = definition({ version: 2, description: 'of age' });
    await store.commit({ sandboxName: prod, after: before });
    await store.commit({ sandboxName: prod, before, after });
    await store.commit({ sandboxName: prod, before: after });

    expect(await store.findVersion(prod, before.id, 1)).toEqual(before);
    expect(await store.findVersion(prod, before.id, 2)).toEqual(after);
    expect(await store.findVersion(prod, before.id, 3)).toBeUndefined();
    expect(await store.findVersion(dev, before.id, 1)).toBeUndefined();
  });

  test('one sandbox sees nothing of another', async () => {
    const store = await open();
    const after = definition();
    await store.commit({ sandboxName: prod, after, rules: rules(0) });

    expect(await store.find(dev, after.id)).toBeUndefined();
    expect(await store.findMany(dev, [after.id])).toEqual([]);
    expect(await store.findIdByName(dev, 'Adults')).toBeUndefined();
    expect(await store.findRules(dev)).toBeUndefined();
    expect(await store.list(dev)).toEqual([]);
    expect(await store.commit({ sandboxName: dev, after: definition({ sandboxName: dev }) })).toBe('committed');
  });
}

function keepsNamesUnique(open: Open): void {
  test('a name belongs to the first who takes it, to the letter', async () => {
    const store = await open();
    expect(await create(store, 1, 'Adults')).toBe('committed');
    expect(await create(store, 2, 'Adults')).toBe('name-in-use');
    expect(await create(store, 3, 'adults')).toBe('committed');
    expect(await store.find(prod, definitionId(2))).toBeUndefined();
  });

  test('of many that take one name at once exactly one gets it', async () => {
    const store = await open();
    const outcomes = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => create(store, number, 'Adults')));

    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    expect(await store.list(prod)).toHaveLength(1);
  });

  test('a new name frees the old one', async () => {
    const store = await open();
    const before = definition();
    await store.commit({ sandboxName: prod, after: before });
    await store.commit({ sandboxName: prod, before, after: definition({ version: 2, name: 'Grown-ups' }) });

    expect(await store.findIdByName(prod, 'Adults')).toBeUndefined();
    expect(await create(store, 2, 'Grown-ups')).toBe('name-in-use');
    expect(await create(store, 2, 'Adults')).toBe('committed');
  });

  test('a definition that is deleted is gone, and its name is free', async () => {
    const store = await open();
    const before = definition();
    await store.commit({ sandboxName: prod, after: before });

    expect(await store.commit({ sandboxName: prod, before })).toBe('committed');
    expect(await store.find(prod, before.id)).toBeUndefined();
    expect(await store.list(prod)).toEqual([]);
    expect(await create(store, 2, 'Adults')).toBe('committed');
  });
}

function serialisesWriters(open: Open): void {
  test('a change of a version that is no longer current changes nothing', async () => {
    const store = await open();
    const before = definition();
    await store.commit({ sandboxName: prod, after: before });
    const after = definition({ version: 2, description: 'first' });
    expect(await store.commit({ sandboxName: prod, before, after })).toBe('committed');

    const late = definition({ version: 2, description: 'second' });
    expect(await store.commit({ sandboxName: prod, before, after: late })).toBe('changed');
    expect(await store.commit({ sandboxName: prod, before })).toBe('changed');
    expect(await store.find(prod, before.id)).toEqual(after);
  });

  test('rules that are no longer current hold back the whole commit', async () => {
    const store = await open();
    await store.commit({ sandboxName: prod, after: definition(), rules: rules(0) });
    const second = definition({ id: definitionId(2), name: 'Second' });

    expect(await store.commit({ sandboxName: prod, after: second, rules: rules(0, 'rules/late.json') })).toBe(
      'changed',
    );
    expect(await store.find(prod, second.id)).toBeUndefined();
    expect(await store.findRules(prod)).toEqual(rules(0).next);
    expect(await store.commit({ sandboxName: prod, after: second, rules: rules(1) })).toBe('committed');
  });

  test('of many that publish at once exactly one follows each version of the rules', async () => {
    const store = await open();
    const publish = (number: number) =>
      store.commit({
        sandboxName: prod,
        after: definition({ id: definitionId(number), name: `Segment ${number}` }),
        rules: rules(0, `rules/prod/1-${number}.json`),
      });

    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(publish));

    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(4);
  });
}

function listsAll(open: Open): void {
  test('a list holds every definition once, however many versions they had', async () => {
    const store = await open();
    for (let number = 1; number <= 120; number++) await create(store, number, `Segment ${number}`);
    const before = definition({ id: definitionId(7), name: 'Segment 7' });
    await store.commit({ sandboxName: prod, before, after: { ...before, version: 2, lifecycleState: 'inactive' } });

    const entries = await store.list(prod);

    expect(new Set(entries.map(({ id }) => id)).size).toBe(120);
    expect(entries).toHaveLength(120);
    expect(entries.find(({ id }) => id === before.id)).toMatchObject({ version: 2, lifecycleState: 'inactive' });
  });

  test('many are found in the order of their ids, without those that are gone', async () => {
    const store = await open();
    const ids = Array.from({ length: 120 }, (_, index) => definitionId(index + 1));
    for (const [index, id] of ids.entries()) {
      if (index !== 5) await store.commit({ sandboxName: prod, after: definition({ id, name: `Segment ${index}` }) });
    }

    const found = await store.findMany(prod, ids.toReversed());

    expect(found.map(({ id }) => id)).toEqual(ids.toReversed().filter((id) => id !== ids[5]));
  });
}
