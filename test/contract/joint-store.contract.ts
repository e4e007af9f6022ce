/** What every store of joint writes promises. Run by one file per adapter, each time on empty stores. */
import { expect, test } from 'vitest';
import { mergeBatchResults, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import type { BatchResultsStore } from '#shared/profile/batch-results-store.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import {
  type IdentityStore,
  type JointStore,
  type JointWrite,
  type ProfileStore,
  type ProfileWrite,
  profileKeyText,
} from '#shared/profile/profile-store.ts';

export interface JointStores {
  readonly joint: JointStore;
  readonly profiles: ProfileStore;
  readonly identities: IdentityStore;
  readonly batch: BatchResultsStore;
}

const keyOf = (profileId: string) => ({ sandboxName: 'prod', profileId });
const [winner, loser] = [keyOf('profile-1'), keyOf('profile-2')];
const write = (parts: Partial<ProfileWrite>): ProfileWrite => ({
  key: winner,
  expectedVersion: 0,
  rulesVersion: 1,
  state: Uint8Array.of(1),
  ...parts,
});
const phone: Identity = { namespace: 'Phone', id: '1', primary: false };
const attributes = Uint8Array.of(7);
const external = (ordinal: number) => ({
  ...NO_BATCH_RESULTS,
  external: new Map([[ordinal, { at: 10, validUntil: 20 }]]),
});

/** Two people of version 1; the loser has attributes, a due time, an identity and a batch result. */
async function twoPeople({ profiles, identities, batch }: JointStores): Promise<void> {
  await profiles.write([
    write({ attributes }),
    write({ key: loser, attributes: Uint8Array.of(8), due: { shard: 0, at: 5 } }),
  ]);
  await identities.claim('prod', [phone], loser.profileId);
  await batch.write([{ key: loser, expectedVersion: 0, results: external(3) }]);
}

const merge: JointWrite = {
  writes: [
    write({ expectedVersion: 1, state: Uint8Array.of(2), attributes: Uint8Array.of(9), batchVersion: 1 }),
    write({ key: loser, expectedVersion: 1, state: Uint8Array.of(3), changes: Uint8Array.of(4), leadsTo: 'profile-1' }),
  ],
  batches: [
    { key: winner, expectedVersion: 0, results: mergeBatchResults(NO_BATCH_RESULTS, external(3)) },
    { key: loser, expectedVersion: 1 },
  ],
  moves: [{ sandboxName: 'prod', identities: [phone], profileId: 'profile-1' }],
};

const ownerOf = async ({ identities }: JointStores) => (await identities.find('prod', [phone])).get(identityKey(phone));

export function jointStoreContract(open: () => Promise<JointStores>): void {
  test('all of it happens: the winner holds both, the loser leads to it, and so do its identities', async () => {
    const stores = await open();
    await twoPeople(stores);

    expect(await stores.joint.commit(merge)).toBe('written');

    const found = await stores.profiles.read([winner, loser], { withBatch: () => true });
    const merged = found.get(profileKeyText(winner));
    expect(merged).toMatchObject({
      version: 2,
      state: Uint8Array.of(2),
      attributes: Uint8Array.of(9),
      batchVersion: 1,
    });
    expect(merged?.batch?.version).toBe(1);
    const alias = found.get(profileKeyText(loser));
    expect(alias).toMatchObject({ version: 2, leadsTo: 'profile-1' });
    expect([alias?.attributes, alias?.dueAt, alias?.batch]).toEqual([undefined, undefined, undefined]);
    expect(await ownerOf(stores)).toBe('profile-1');
    expect((await stores.batch.read([winner])).get(profileKeyText(winner))?.results.external.size).toBe(1);
  });

  test.each([
    ['the winner was written since', { key: winner, expectedVersion: 1 }],
    ['the loser was written since', { key: loser, expectedVersion: 1 }],
  ])('nothing of it happens where %s', async (_, since) => {
    const stores = await open();
    await twoPeople(stores);
    await stores.profiles.write([write(since)]);

    expect(await stores.joint.commit(merge)).toBe('conflict');

    const found = await stores.profiles.read([winner, loser]);
    expect([...found.values()].map(({ leadsTo }) => leadsTo)).toEqual([undefined, undefined]);
    expect(await ownerOf(stores)).toBe('profile-2');
  });

  test('nothing of it happens where a job has found something of the loser since', async () => {
    const stores = await open();
    await twoPeople(stores);
    await stores.batch.write([{ key: loser, expectedVersion: 1, results: external(4) }]);

    expect(await stores.joint.commit(merge)).toBe('conflict');
    expect(await ownerOf(stores)).toBe('profile-2');
  });

  test('of two that merge one profile into different ones at once exactly one succeeds', async () => {
    const stores = await open();
    await twoPeople(stores);
    await stores.profiles.write([write({ key: keyOf('profile-0') })]);
    const other: JointWrite = {
      writes: [
        write({ key: keyOf('profile-0'), expectedVersion: 1, attributes }),
        write({ key: loser, expectedVersion: 1, leadsTo: 'profile-0' }),
      ],
      moves: [{ sandboxName: 'prod', identities: [phone], profileId: 'profile-0' }],
    };

    const outcomes = await Promise.all([stores.joint.commit(merge), stores.joint.commit(other)]);

    expect([...outcomes].sort()).toEqual(['conflict', 'written']);
    const alias = (await stores.profiles.read([loser])).get(profileKeyText(loser));
    expect(await ownerOf(stores)).toBe(alias?.leadsTo);
  });
}
