/** The world failed, not the profile: the whole part is done again. */
class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

export function storeFailure(cause: unknown): never {
  throw new StoreFailure('a store failed', { cause });
}

/** Of one profile: throws what the world did, and leaves the profile where it is its own. */
export function failureOf(error: unknown): undefined {
  if (error instanceof StoreFailure) throw error.cause;
  return undefined;
}
