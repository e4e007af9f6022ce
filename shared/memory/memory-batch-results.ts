import { type BatchResults, decodeBatchResults, encodeBatchResults } from '#shared/profile/batch-results.ts';
import type { BatchResultsStore, BatchResultsWrite, StoredBatchResults } from '#shared/profile/batch-results-store.ts';
import { type ProfileKey, profileKeyText, type StoredProfile } from '#shared/profile/profile-store.ts';

type Stored = NonNullable<StoredProfile['batch']>;

/** Batch results for tests and the simulator, kept as the bytes that a table would keep. */
export class MemoryBatchResults implements BatchResultsStore {
  readonly #items = new Map<string, Stored>();

  bytesOf(key: ProfileKey): Stored | undefined {
    return this.#items.get(profileKeyText(key));
  }

  async read(keys: readonly ProfileKey[]): Promise<ReadonlyMap<string, StoredBatchResults>> {
    const found = new Map<string, StoredBatchResults>();
    for (const key of keys) {
      const stored = this.bytesOf(key);
      if (stored !== undefined) {
        found.set(profileKeyText(key), { version: stored.version, results: decodeBatchResults(stored.data) });
      }
    }
    return found;
  }

  /** For whoever has checked the version. */
  put(key: ProfileKey, version: number, results: BatchResults | undefined): void {
    if (results === undefined) this.#items.delete(profileKeyText(key));
    else this.#items.set(profileKeyText(key), { version, data: encodeBatchResults(results) });
  }

  async write(writes: readonly BatchResultsWrite[]): Promise<readonly ('written' | 'conflict')[]> {
    return writes.map(({ key, expectedVersion, results }) => {
      if ((this.bytesOf(key)?.version ?? 0) !== expectedVersion) return 'conflict';
      this.#items.set(profileKeyText(key), { version: expectedVersion + 1, data: encodeBatchResults(results) });
      return 'written';
    });
  }
}
