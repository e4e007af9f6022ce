/** What every store of identities promises. Run by one file per adapter, each time on an empty store. */
import { expect, test } from 'vitest';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import type { IdentityStore, SeenIdentity } from '#shared/profile/profile-store.ts';

const identity = (id: string, namespace = 'CRMID'): Identity => ({ namespace, id, primary: false });
const ownersOf = async (store: IdentityStore, identities: readonly Identity[], sandboxName = 'prod') => {
  const found = await store.find(sandboxName, identities);
  return identities.map((each) => found.get(identityKey(each)));
};

const rowsOf = async (store: IdentityStore, identities: readonly Identity[]): Promise<readonly SeenIdentity[]> => {
  const rows = await store.rows('prod', identities);
  return identities.map((each) => ({ identity: each, row: rows.get(identityKey(each)) }));
};

export function identityStoreContract(open: () => Promise<IdentityStore>): void {
  test('an identity belongs to who claimed it first, in its sandbox', async () => {
    const store = await open();

    expect(await store.claim('prod', [identity('a')], 'p1')).toBe(true);
    expect(await store.claim('prod', [identity('a')], 'p2')).toBe(false);
    expect(await store.claim('dev', [identity('a')], 'p3')).toBe(true);

    expect(await ownersOf(store, [identity('a'), identity('b')])).toEqual(['p1', undefined]);
    expect(await ownersOf(store, [identity('a')], 'dev')).toEqual(['p3']);
  });

  test('of several all are claimed or none', async () => {
    const store = await open();
    await store.claim('prod', [identity('b')], 'p1');

    expect(await store.claim('prod', [identity('a'), identity('b'), identity('c')], 'p2')).toBe(false);
    expect(await ownersOf(store, [identity('a'), identity('b'), identity('c')])).toEqual([undefined, 'p1', undefined]);
    expect(await store.claim('prod', [identity('a'), identity('c')], 'p2')).toBe(true);
  });

  test('namespace and value are never taken for one another', async () => {
    const store = await open();
    await store.claim('prod', [identity('b:c', 'a')], 'p1');

    expect(await ownersOf(store, [identity('c', 'a:b'), identity('B:C', 'a')])).toEqual([undefined, undefined]);
  });

  test('of many that claim overlapping identities at once exactly one gets any', async () => {
    const store = await open();
    const claims = Array.from({ length: 8 }, (_, index) =>
      store.claim('prod', [identity('shared'), identity(`own-${index}`)], `p${index}`),
    );

    const won = (await Promise.all(claims)).flatMap((claimed, index) => (claimed ? [index] : []));

    const owned = await ownersOf(
      store,
      Array.from({ length: 8 }, (_, index) => identity(`own-${index}`)),
    );
    expect(won.length).toBeLessThanOrEqual(1);
    expect(owned.flatMap((owner, index) => (owner === undefined ? [] : [index]))).toEqual(won);
  });

  test('more than a hundred are found in one call, also where one is asked for twice', async () => {
    const store = await open();
    const all = Array.from({ length: 120 }, (_, index) => identity(`${index}`));
    for (const each of all) await store.claim('prod', [each], `p${each.id}`);

    expect(await ownersOf(store, [...all, ...all])).toEqual([...all, ...all].map(({ id }) => `p${id}`));
    expect(await ownersOf(store, [])).toEqual([]);
  });
}

/** What is kept of identities of whom was erased. */
export function erasedIdentitiesContract(open: () => Promise<IdentityStore>): void {
  test('a row is taken as it was seen, and not where it was erased meanwhile', async () => {
    const store = await open();
    await store.claim('prod', [identity('a')], 'p1');
    const seen = await rowsOf(store, [identity('a'), identity('b')]);

    expect(await store.block('prod', seen[0] as SeenIdentity, 100)).toBe(true);
    expect(await store.take('prod', seen, 'p2')).toBe(false);

    expect(await rowsOf(store, [identity('a'), identity('b')])).toMatchObject([
      { row: { profileId: 'p1', erasedAt: 100 } },
      { row: undefined },
    ]);
    expect(await store.take('prod', await rowsOf(store, [identity('a'), identity('b')]), 'p2', 70)).toBe(true);
    expect(await rowsOf(store, [identity('a'), identity('b')])).toMatchObject([
      { row: { profileId: 'p2', erasedAt: 100 } },
      { row: { profileId: 'p2', erasedAt: 70 } },
    ]);
  });

  test('an identity that nobody has can be blocked, leads to nobody, and is no longer unseen', async () => {
    const store = await open();
    const [unseen] = await rowsOf(store, [identity('a')]);

    expect(await store.block('prod', unseen as SeenIdentity, 100)).toBe(true);

    expect(await ownersOf(store, [identity('a')])).toEqual([undefined]);
    expect(await store.claim('prod', [identity('a')], 'p1')).toBe(false);
    expect(await store.block('prod', unseen as SeenIdentity, 200)).toBe(false);
    expect(await store.take('prod', await rowsOf(store, [identity('a')]), 'p1')).toBe(true);
    expect(await ownersOf(store, [identity('a')])).toEqual(['p1']);
  });
}
