/** A profile as it is worked with, from what is stored of it. */
import { type BatchResults, decodeBatchResults, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { CorruptBytes } from '#shared/profile/bytes.ts';
import { decodeAttributes, NO_ATTRIBUTES, type ProfileAttributes } from '#shared/profile/profile-attributes.ts';
import { decodeState, EMPTY_STATE, type ProfileState } from '#shared/profile/profile-state.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';

export interface LoadedProfile {
  /** 0 where there is none yet. */
  readonly version: number;
  readonly state: ProfileState;
  /** A lower bound of the next instant at which time alone may change something. */
  readonly dueAt: number | undefined;
  readonly attributes: ProfileAttributes;
  /** What batch jobs found; undefined where it was not read. */
  readonly batch?: BatchResults;
  readonly batchVersion?: number;
  /** The state was evaluated with other batch results than these. */
  readonly isBatchNew?: boolean;
}

const NO_BATCH = { results: NO_BATCH_RESULTS, version: 0 };

/** `withBatch` says that batch results were read: then a profile without any has none. */
export function loadProfile(stored: StoredProfile | undefined, withBatch = false): LoadedProfile {
  if (stored === undefined) return { version: 0, state: EMPTY_STATE, dueAt: undefined, attributes: NO_ATTRIBUTES };
  return {
    version: stored.version,
    state: decodeState(stored.state),
    dueAt: stored.dueAt,
    attributes: stored.attributes === undefined ? NO_ATTRIBUTES : decodeAttributes(stored.attributes),
    ...(withBatch ? loadBatch(stored) : {}),
  };
}

/** Nothing where the state can't be read: such a profile is parked until an operator redrives it. */
export function loadReadable(stored: StoredProfile | undefined, withBatch = false): LoadedProfile | undefined {
  try {
    return loadProfile(stored, withBatch);
  } catch (error) {
    if (error instanceof CorruptBytes) return undefined;
    throw error;
  }
}

function loadBatch({ batch, batchVersion = 0 }: StoredProfile): Partial<LoadedProfile> {
  const { results, version } = batch ? { results: decodeBatchResults(batch.data), version: batch.version } : NO_BATCH;
  return { batch: results, batchVersion: version, isBatchNew: version !== batchVersion };
}
