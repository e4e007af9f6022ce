import { expect, test } from 'vitest';
import type { ErasureOrder, ErasureOrders } from '#shared/profile/profile-store.ts';

/** What erasures and the one writer rely on: run by one file for every adapter. */
export function erasureOrdersContract(open: () => Promise<ErasureOrders>): void {
  const key = { sandboxName: 'prod', profileId: 'profile-1' };
  const order = (jobId: string): ErasureOrder => ({ jobId, identities: [], requestedAt: 1 });
  const estate = { identities: [], partitions: ['profile-1'], sharesPartitions: false, erasedAt: 2, values: [] };

  test('the last order for a profile is the one that is found', async () => {
    const orders = await open();
    await orders.put(key, order('one'));
    await orders.put(key, order('two'));

    expect(await orders.find(key)).toEqual(order('two'));
    expect(await orders.find({ ...key, profileId: 'profile-2' })).toBeUndefined();
  });

  test('what a profile left is not written over', async () => {
    const orders = await open();
    await orders.put(key, { ...order('one'), estate });
    await orders.put(key, order('two'));

    expect(await orders.find(key)).toEqual({ ...order('one'), estate });
  });

  test('an order is taken away by the job whose it is, and by no other', async () => {
    const orders = await open();
    await orders.put(key, order('one'));
    await orders.remove(key, 'two');
    expect(await orders.find(key)).toEqual(order('one'));

    await orders.remove(key, 'one');
    await orders.remove(key, 'one');
    expect(await orders.find(key)).toBeUndefined();
  });
}
