/** What every store of identities promises. Run by one file per adapter, each time on an empty store. */
import { expect, test } from 'vitest';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import type { IdentityStore } from '#shared/profile/profile-store.ts';

const identity = (id: string, namespace = 'CRMID'): Identity => ({ namespace, id, primary: false });
const ownersOf = async (store: IdentityStore, identities: readonly Identity[], sandboxName = 'prod') => {
  const found = await store.find(sandboxName, identities);
  return identities.map((each) => found.get(identityKey(each)));
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
