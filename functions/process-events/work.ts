import type { ProfileKey } from '#shared/profile/profile-store.ts';
import type { ItemOutcome, ProfileItem } from '#shared/segment/profile-update.ts';

/** An item of the batch and the record that brought it. */
export interface WorkItem {
  readonly item: ProfileItem;
  readonly sequenceNumber: string;
  /** Place in the record. */
  readonly index: number;
  /** Epoch milliseconds. */
  readonly arrival: number;
}

/** All that a batch holds for one profile. */
export interface ProfileWork {
  readonly key: ProfileKey;
  readonly items: readonly WorkItem[];
}

export type Outcome = ItemOutcome | 'parked';

export interface WorkResult {
  readonly work: ProfileWork;
  /** One for each event and profile record that is finished. */
  readonly outcomes: readonly Outcome[];
  readonly changes: number;
  readonly conflicts: number;
  /** How long after their time the memberships that time ended were found to have ended, in milliseconds. */
  readonly exitLatenessMs: readonly number[];
  /** Why it could not be finished; then the stream delivers it again. */
  readonly error?: unknown;
}

export interface Progress extends WorkResult {
  readonly outcomes: Outcome[];
  readonly exitLatenessMs: number[];
  remaining: readonly WorkItem[];
  changes: number;
  conflicts: number;
  error?: unknown;
}

export const progressOf = (work: ProfileWork): Progress => ({
  work,
  outcomes: [],
  exitLatenessMs: [],
  remaining: work.items,
  changes: 0,
  conflicts: 0,
});
