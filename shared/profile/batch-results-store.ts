/** Where batch jobs leave what they found of profiles. Adapters implement it; a contract test holds them to it. */
import { type BatchResults, mergeBatchResults, NO_BATCH_RESULTS } from './batch-results.ts';
import { type ProfileKey, profileKeyText } from './profile-store.ts';

export interface StoredBatchResults {
  readonly version: number;
  readonly results: BatchResults;
}

export interface BatchResultsWrite {
  readonly key: ProfileKey;
  /** The version that was read; 0 where there was none. The write becomes version + 1, or a conflict. */
  readonly expectedVersion: number;
  readonly results: BatchResults;
}

export interface BatchResultsStore {
  /** Consistent. Profiles without results are absent from the map, whose keys are `profileKeyText`. */
  read(keys: readonly ProfileKey[]): Promise<ReadonlyMap<string, StoredBatchResults>>;
  /** One outcome a write, in their order. Each profile may stand in a call once. */
  write(writes: readonly BatchResultsWrite[]): Promise<readonly ('written' | 'conflict')[]>;
}

export interface BatchFindings {
  readonly key: ProfileKey;
  /** Only what this job decided: all else of the profile stays as other jobs left it. */
  readonly results: BatchResults;
}

const ATTEMPTS_MAX = 12;

/**
 * Adds what a job found wherever it is newer than what is known. Returns the profiles of which anything changed, for a
 * `batch` wake-up each. A job that was interrupted between the two finds nothing changed when it is repeated: it must wake
 * up all whom it decided then, which costs each a read.
 */
export async function addBatchResults(
  findings: readonly BatchFindings[],
  store: BatchResultsStore,
): Promise<readonly ProfileKey[]> {
  const changed: ProfileKey[] = [];
  let open = findings;
  for (let attempt = 1; open.length > 0; attempt++) {
    if (attempt > ATTEMPTS_MAX) throw new Error(`${open.length} batch results met other writers ${ATTEMPTS_MAX} times`);
    const known = await store.read(open.map(({ key }) => key));
    const writes = open.flatMap((found) => writeOf(found, known.get(profileKeyText(found.key))));
    const outcomes = await store.write(writes);
    const lost = new Set<string>();
    for (const [index, { key }] of writes.entries()) {
      if (outcomes[index] === 'written') changed.push(key);
      else lost.add(profileKeyText(key));
    }
    open = open.filter(({ key }) => lost.has(profileKeyText(key)));
  }
  return changed;
}

function writeOf({ key, results }: BatchFindings, stored: StoredBatchResults | undefined): BatchResultsWrite[] {
  const before = stored?.results ?? NO_BATCH_RESULTS;
  const merged = mergeBatchResults(before, results);
  const isSame =
    merged.segments === before.segments &&
    merged.external === before.external &&
    merged.scores === before.scores &&
    merged.unscored === before.unscored;
  return isSame ? [] : [{ key, expectedVersion: stored?.version ?? 0, results: merged }];
}
