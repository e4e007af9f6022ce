import { describe, expect, test } from 'vitest';
import type { DeliveryLanes, Lane, LaneKey, RefusedBatch } from '#shared/activation/delivery-lane.ts';
import type { Destination, DestinationStore } from '#shared/activation/destination.ts';

const key: LaneKey = { sandboxName: 'prod', destinationId: 'd1', shard: 1 };
const hold = (now: number, attempt = 0) => ({ now, heldUntil: now + 90, attempt });

async function taken(lanes: DeliveryLanes, now: number, attempt = 0): Promise<Lane> {
  const lane = await lanes.take(key, hold(now, attempt));
  if (typeof lane === 'string') throw new Error(`the lane is ${lane}`);
  return lane;
}

const refused = (id: string, more: Partial<RefusedBatch> = {}): RefusedBatch => ({
  ...{ ...key, id, from: 1, through: 2, changes: 2, reason: 'answered 400', refusedAt: 5 },
  ...more,
});

type Open = () => Promise<DeliveryLanes>;

export function deliveryLanesContract(open: Open): void {
  describe('a lane', () => {
    placeContract(open);
    holdContract(open);
  });
  setAsideContract(open);
}

function holdContract(open: Open): void {
  test('is held by one worker, until it lets go or its time is over', async () => {
    const lanes = await open();
    await lanes.begin(key, 0);
    const first = await taken(lanes, 100);
    expect(await lanes.take(key, hold(150))).toBe('held');
    const second = await taken(lanes, 200);

    expect(await lanes.advance(first, { position: 3 })).toBeUndefined();
    expect(await lanes.letGo(first)).toBe(false);
    expect(await lanes.advance(second, { position: 5 })).toMatchObject({ position: 5 });
  });

  test('is not let go of when it was wanted meanwhile', async () => {
    const lanes = await open();
    await lanes.begin(key, 0);
    const lane = await taken(lanes, 100);
    expect(await lanes.take(key, hold(110))).toBe('held');
    expect(await lanes.letGo(lane)).toBe(false);
    const renewed = await lanes.advance(lane, {});

    expect(await lanes.letGo(renewed as Lane)).toBe(true);
    await taken(lanes, 111);
  });

  test('that failed waits for the retry of that number, unless it is forgiven', async () => {
    const lanes = await open();
    await lanes.begin(key, 0);
    await lanes.advance(await taken(lanes, 100), { failures: 2, lastError: 'answered 503', letsGo: true });
    expect(await lanes.take(key, hold(101))).toBe('waiting');
    expect(await lanes.take(key, hold(102, 1))).toBe('waiting');
    const retried = await taken(lanes, 103, 2);
    expect(retried).toMatchObject({ failures: 2, lastError: 'answered 503' });
    await lanes.advance(retried, { failures: 3, letsGo: true });
    await lanes.forgive(key);

    expect(await taken(lanes, 104)).toMatchObject({ failures: 0 });
  });
}

function placeContract(open: Open): void {
  test('begins where it is told to, once, and at 0 where nobody said so', async () => {
    const lanes = await open();
    await lanes.begin(key, 7);
    await lanes.begin(key, 9);

    expect(await taken(lanes, 100)).toMatchObject({ ...key, position: 7, failures: 0 });
    expect(await lanes.take({ ...key, shard: 2 }, hold(100))).toMatchObject({ position: 0, shard: 2 });
    expect((await lanes.list('prod', 'd1')).map(({ shard }) => shard)).toEqual([1, 2]);
    expect(await lanes.list('test', 'd1')).toEqual([]);
  });

  test('adds up what was told and lost, and forgets its error when it is told to', async () => {
    const lanes = await open();
    await lanes.begin(key, 0);
    const lane = await taken(lanes, 100);
    await lanes.advance(lane, { delivered: 2, lost: 1, lastError: 'x', position: 3 });
    const after = await lanes.advance(lane, { delivered: 3, lastError: null, lastDeliveredAt: 9, position: 6 });

    expect(after).toMatchObject({ delivered: 5, lost: 1, position: 6, lastDeliveredAt: 9 });
    expect(after).not.toHaveProperty('lastError');
  });

  test('goes with its destination, and with what was set aside', async () => {
    const lanes = await open();
    await lanes.begin(key, 0);
    await lanes.setAside(refused('01-1'));
    await lanes.removeAll('prod', 'd1');
    await lanes.forgive(key);

    expect(await lanes.list('prod', 'd1')).toEqual([]);
    expect(await lanes.listRefused('prod', 'd1', 10)).toEqual([]);
  });
}

function setAsideContract(open: Open): void {
  test('what was set aside is found by its id and its destination, in the order of the feed', async () => {
    const lanes = await open();
    for (const id of ['01-2', '00-9', '01-1']) await lanes.setAside(refused(id));
    await lanes.setAside(refused('00-1', { destinationId: 'd2' }));
    await lanes.setAside(refused('01-2', { reason: 'answered 410' }));

    expect((await lanes.listRefused('prod', 'd1', 2)).map(({ id }) => id)).toEqual(['00-9', '01-1']);
    expect(await lanes.findRefused('prod', 'd1', '01-2')).toEqual(refused('01-2', { reason: 'answered 410' }));
    expect(await lanes.findRefused('test', 'd1', '01-2')).toBeUndefined();
    await lanes.removeRefused(refused('00-9'));
    expect((await lanes.listRefused('prod', 'd1', 10)).map(({ id }) => id)).toEqual(['01-1', '01-2']);
  });
}

const destination = (version: number): Destination => ({
  ...{ id: 'd1', sandboxName: 'prod', name: 'CRM', target: { kind: 'files' }, segments: 'all' },
  ...{ identityNamespaces: [], attributes: ['person.age'], marketingActions: [], state: 'active' },
  ...{ signingKeys: [], version, creationTime: 1, updateTime: version },
});

export function destinationStoreContract(open: () => Promise<DestinationStore>): void {
  test('a destination is changed and removed as it was read, or not at all', async () => {
    const store = await open();
    expect(await store.put(undefined, destination(1))).toBe(true);
    expect(await store.put(undefined, destination(1))).toBe(false);
    expect(await store.put(destination(1), destination(2))).toBe(true);
    expect(await store.put(destination(1), destination(2))).toBe(false);
    expect(await store.find('prod', 'd1')).toEqual(destination(2));
    expect(await store.list('prod')).toEqual([destination(2)]);
    expect(await store.list('test')).toEqual([]);

    expect(await store.remove(destination(1))).toBe(false);
    expect(await store.remove(destination(2))).toBe(true);
    expect(await store.find('prod', 'd1')).toBeUndefined();
  });

  test('a destination is written only while those are there by which it was decided', async () => {
    const store = await open();
    const decidedBy = { revision: (await store.standing('prod')).revision, rulesVersion: 0 };
    const other = { ...destination(1), id: 'd2', name: 'Other' };
    expect(await store.put(undefined, destination(1), decidedBy)).toBe(true);
    expect(await store.put(undefined, other, decidedBy)).toBe(false);
    const now = await store.standing('prod');

    expect(now.destinations).toEqual([destination(1)]);
    expect(await store.put(undefined, other, { ...decidedBy, revision: now.revision })).toBe(true);
    expect((await store.standing('test')).revision).toBe(0);
  });
}
