/** What every store of profiles promises. Run by one file per adapter, each time on an empty store. */
import { describe, expect, test } from 'vitest';
import {
  type ProfileKey,
  type ProfileStore,
  type ProfileWrite,
  profileKeyText,
} from '#shared/profile/profile-store.ts';

type Open = () => Promise<ProfileStore>;

const keyOf = (number: number): ProfileKey => ({ sandboxName: 'prod', profileId: `profile-${number}` });
const write = (parts: Partial<ProfileWrite> = {}): ProfileWrite => ({
  key: keyOf(1),
  expectedVersion: 0,
  rulesVersion: 1,
  state: Uint8Array.of(1),
  ...parts,
});
const attributes = Uint8Array.of(7);

async function stored(store: ProfileStore, key = keyOf(1)) {
  return (await store.read([key])).get(profileKeyText(key));
}

export function profileStoreContract(open: Open): void {
  describe('versions', () => followsVersions(open));
  describe('what a write says besides', () => keepsWhatAWriteSays(open));
  describe('attributes', () => keepsAttributesWithState(open));
  describe('many at once', () => takesMany(open));
}

function followsVersions(open: Open): void {
  test('a profile that nobody wrote is not there', async () => {
    const store = await open();

    expect(await store.read([keyOf(1), keyOf(2)])).toEqual(new Map());
    expect(await store.read([])).toEqual(new Map());
    expect(await store.write([])).toEqual([]);
  });

  test('each write is the next version', async () => {
    const store = await open();

    expect(await store.write([write()])).toEqual(['written']);
    expect(await store.write([write({ expectedVersion: 1, state: Uint8Array.of(2) })])).toEqual(['written']);

    expect(await stored(store)).toMatchObject({ version: 2, state: Uint8Array.of(2) });
  });

  test.each([
    ['a new one where there is one', 0],
    ['one that was written since', 1],
    ['one that is not that far yet', 3],
  ])('a write that expects %s is a conflict and changes nothing', async (_, expectedVersion) => {
    const store = await open();
    await store.write([write()]);
    await store.write([write({ expectedVersion: 1, state: Uint8Array.of(2) })]);

    for (const more of [{}, { attributes }, { parked: true }]) {
      expect(await store.write([write({ expectedVersion, state: Uint8Array.of(3), ...more })])).toEqual(['conflict']);
    }
    const profile = await stored(store);
    expect(profile).toMatchObject({ version: 2, state: Uint8Array.of(2) });
    expect(profile?.attributes).toBeUndefined();
  });

  test('a profile that is not there can not be updated', async () => {
    const store = await open();

    expect(await store.write([write({ expectedVersion: 4 })])).toEqual(['conflict']);
    expect(await stored(store)).toBeUndefined();
  });

  test('of many that write one version at once exactly one does', async () => {
    const store = await open();
    const writers = Array.from({ length: 8 }, (_, index) =>
      store.write([write(index % 2 === 0 ? {} : { attributes: Uint8Array.of(index) })]),
    );

    const outcomes = (await Promise.all(writers)).flat();

    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect((await stored(store))?.version).toBe(1);
  });
}

function keepsWhatAWriteSays(open: Open): void {
  test('when to look again goes with the version that says so', async () => {
    const store = await open();

    await store.write([write({ due: { shard: 3, at: 1000 } })]);
    expect((await stored(store))?.dueAt).toBe(1000);
    await store.write([write({ expectedVersion: 1 })]);
    expect((await stored(store))?.dueAt).toBeUndefined();
    await store.write([write({ expectedVersion: 2, due: { shard: 3, at: 2000 } })]);
    expect((await stored(store))?.dueAt).toBe(2000);
  });

  test('one sandbox sees nothing of another', async () => {
    const store = await open();
    await store.write([write()]);

    expect(await stored(store, { ...keyOf(1), sandboxName: 'dev' })).toBeUndefined();
  });

  test('a profile is parked by the write that says so', async () => {
    const store = await open();
    await store.write([write()]);
    expect((await stored(store))?.parked ?? false).toBe(false);

    await store.write([write({ expectedVersion: 1, parked: true })]);
    expect((await stored(store))?.parked).toBe(true);
  });
}

function keepsAttributesWithState(open: Open): void {
  test('attributes are written with the state, and stay where a later write says nothing of them', async () => {
    const store = await open();

    await store.write([write({ attributes })]);
    await store.write([write({ expectedVersion: 1, state: Uint8Array.of(2) })]);

    expect(await stored(store)).toMatchObject({ version: 2, state: Uint8Array.of(2), attributes });
  });

  test('attributes of a write that lost are not kept either', async () => {
    const store = await open();
    await store.write([write({ attributes })]);

    await store.write([write({ attributes: Uint8Array.of(8) })]);

    expect((await stored(store))?.attributes).toEqual(attributes);
  });
}

function takesMany(open: Open): void {
  const numbers = Array.from({ length: 130 }, (_, index) => index);

  test('a hundred and thirty profiles are written and read in one call each, with and without attributes', async () => {
    const store = await open();
    const writes = numbers.map((number) =>
      write({ key: keyOf(number), state: Uint8Array.of(number), ...(number % 3 === 0 ? { attributes } : {}) }),
    );

    expect(await store.write(writes)).toEqual(numbers.map(() => 'written'));

    const read = await store.read(numbers.map(keyOf));
    expect(read.size).toBe(130);
    for (const number of numbers) {
      const profile = read.get(profileKeyText(keyOf(number)));
      expect(profile?.state).toEqual(Uint8Array.of(number));
      expect(profile?.attributes).toEqual(number % 3 === 0 ? attributes : undefined);
    }
  });

  test('each outcome stands in the place of its write', async () => {
    const store = await open();
    await store.write([write({ key: keyOf(3) }), write({ key: keyOf(40) })]);

    const outcomes = await store.write(numbers.slice(0, 60).map((number) => write({ key: keyOf(number) })));

    expect(outcomes.flatMap((outcome, index) => (outcome === 'conflict' ? [index] : []))).toEqual([3, 40]);
  });
}
