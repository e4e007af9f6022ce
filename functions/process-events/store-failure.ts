/** A store failed: the same attempt may succeed later, so it is nobody's fault and nothing is set aside for it. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

export const orStoreFailure = <Value>(work: Promise<Value>): Promise<Value> =>
  work.catch((cause: unknown) => {
    throw new StoreFailure('a store failed', { cause });
  });
