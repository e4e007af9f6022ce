import type { Attributes } from '../workload/model.ts';

/** Fills in which definitions hold of somebody. */
export type Matcher = (profile: Attributes, holds: Uint8Array) => Promise<void> | undefined;
