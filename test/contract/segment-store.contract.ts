/** What every store of definitions promises. Run by one file per adapter, each time on an empty store. */
import { describe, expect, test } from 'vitest';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { DraftRevision } from '#shared/segment/draft-revision.ts';
import type { SegmentStore } from '#shared/segment/segment-store.ts';
import { definition, definitionId } from '#test/support/definitions.ts';

const prod = 'prod' as SandboxName;
const dev = 'dev' as SandboxName;
const rules = (previousVersion: number, artifactKey = `rules/prod/${previousVersion + 1}.json`) => ({
  previousVersion,
  next: { rulesVersion: previousVersion + 1, artifactKey, nextSegmentOrdinal: 2 },
});

const NO_DRAFT = { revision: 1, basedOnVersion: 1, fields: {}, updateTime: 1 as never, updatedBy: 'ann' };

type Open = () => Promise<SegmentStore>;

export function segmentStoreContract(open: Open): void {
  describe('definitions', () => keepsDefinitions(open));
  describe('names', () => keepsNamesUnique(open));
  describe('competing writers', () => serialisesWriters(open));
  describe('lists', () => listsAll(open));
  describe('drafts', () => keepsDrafts(open));
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

  test('versions are listed from the newest, a page at a time, and those of one definition only', async () => {
    const store = await open();
    let before = definition();
    await store.commit({ sandboxName: prod, after: before });
    await create(store, 2, 'Another');
    for (let version = 2; version <= 12; version++) {
      const after = { ...before, version };
      await store.commit({ sandboxName: prod, before, after });
      before = after;
    }
    await store.saveDraft(prod, { ...NO_DRAFT, definitionId: before.id });

    const versions = async (page: { before?: number; limit: number }) =>
      (await store.listVersions(prod, before.id, page)).map(({ version }) => version);

    expect(await versions({ limit: 3 })).toEqual([12, 11, 10]);
    expect(await versions({ limit: 3, before: 3 })).toEqual([2, 1]);
    expect(await versions({ limit: 3, before: 1 })).toEqual([]);
    expect(await store.listVersions(dev, before.id, { limit: 3 })).toEqual([]);
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

function keepsDrafts(open: Open): void {
  const draft = (revision: number, parts: Partial<DraftRevision> = {}): DraftRevision => ({
    definitionId: definitionId(1),
    revision,
    basedOnVersion: 1,
    fields: { description: 'drafted', timeZone: null },
    updateTime: 1 as never,
    updatedBy: 'ann',
    ...parts,
  });

  test('a draft is found as it was saved last, each saving after the one before', async () => {
    const store = await open();
    expect(await store.findDraft(prod, definitionId(1))).toBeUndefined();
    expect(await store.saveDraft(prod, draft(2))).toBe(false);
    expect(await store.saveDraft(prod, draft(1))).toBe(true);
    expect(await store.saveDraft(prod, draft(1))).toBe(false);
    expect(await store.saveDraft(prod, draft(2))).toBe(true);
    expect(await store.findDraft(prod, definitionId(1))).toEqual(draft(2));
    expect(await store.findDraft(dev, definitionId(1))).toBeUndefined();
  });

  test('a draft is dropped by its revision only, and begins anew', async () => {
    const store = await open();
    await store.saveDraft(prod, draft(1));
    expect(await store.dropDraft(prod, definitionId(1), 2)).toBe(false);
    expect(await store.dropDraft(prod, definitionId(1), 1)).toBe(true);
    expect(await store.dropDraft(prod, definitionId(1), 1)).toBe(false);
    expect(await store.saveDraft(prod, draft(1))).toBe(true);
  });

  test('a draft goes with the commit that publishes it, or holds it back whole', async () => {
    const store = await open();
    const before = definition();
    const after = { ...before, version: 2 };
    await store.commit({ sandboxName: prod, after: before });
    await store.saveDraft(prod, draft(1));

    expect(await store.commit({ sandboxName: prod, before, after, draft: 2 })).toBe('changed');
    expect(await store.find(prod, before.id)).toEqual(before);
    expect(await store.commit({ sandboxName: prod, before, after, draft: 1 })).toBe('committed');
    expect(await store.findDraft(prod, before.id)).toBeUndefined();
  });

  test('a draft goes with its definition', async () => {
    const store = await open();
    await store.commit({ sandboxName: prod, after: definition() });
    await store.saveDraft(prod, draft(1));
    await store.commit({ sandboxName: prod, before: definition() });
    expect(await store.findDraft(prod, definitionId(1))).toBeUndefined();
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

const namesIn = async (store: SegmentStore) => (await store.list(prod)).map(({ name }) => name).sort();

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

  test('a list follows every change, and another reader’s list too', async () => {
    const store = await open();
    await create(store, 1, 'First');
    expect(await namesIn(store)).toEqual(['First']);

    await create(store, 2, 'Second');
    const first = definition({ name: 'First' });
    await store.commit({ sandboxName: prod, before: first, after: { ...first, version: 2, name: 'Renamed' } });
    expect(await namesIn(store)).toEqual(['Renamed', 'Second']);

    const second = definition({ id: definitionId(2), name: 'Second' });
    await store.commit({ sandboxName: prod, before: second });
    expect(await namesIn(store)).toEqual(['Renamed']);
    expect(await store.list(dev)).toEqual([]);
  });

  test('of many that create at once each is in the list', async () => {
    const store = await open();
    await store.list(prod);
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    const outcomes = await Promise.all(numbers.map((number) => create(store, number, `Segment ${number}`)));

    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    expect(await namesIn(store)).toHaveLength(12);
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
