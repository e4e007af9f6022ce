import type { Identity } from '#shared/profile/identity.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import type { ItemOutcome, ProfileItem } from '#shared/segment/profile-update.ts';
import type { IdentityGraph } from '#shared/segment/rules-artifact.ts';

/** An item of the batch and the record that brought it. */
export interface WorkItem {
  readonly item: ProfileItem;
  readonly sequenceNumber: string;
  /** Place in the record. */
  readonly index: number;
  /** Epoch milliseconds. */
  readonly arrival: number;
  /** How often it was found out whose it is. */
  readonly placings?: number;
}

/** An item and whose it is. */
export interface PlacedItem extends WorkItem {
  /** Those of its identities that lead to the profile, the primary first; a wake-up has none. */
  readonly identities: readonly Identity[];
  /** By which identity graph that is so; undefined of a wake-up. */
  readonly graph?: IdentityGraph | undefined;
  /** Its other identities, where they are not followed. */
  readonly named?: readonly Identity[] | undefined;
  /** When those of its identities that are somebody's again were erased, by `identityKey`. */
  readonly erased?: Readonly<Record<string, number>> | undefined;
  /**
   * It is only to be set aside with this profile, which must be merged with its own before it can be applied and can't be
   * at present: because it is parked already, or for a reason for which it must be.
   */
  readonly waits?: { readonly reason?: Error | undefined };
}

/** When it happened or arrived, whichever is earlier, epoch milliseconds: what was erased since is not brought back by it. */
export function sinceOf({ item, arrival }: WorkItem): number {
  if (item.kind === 'wake-up') return arrival;
  return Math.min(arrival, item.kind === 'event' ? item.event.timestamp : item.timestamp);
}

export type Outcome = ItemOutcome | 'parked' | 'erased';

export interface WorkResult {
  /** One for each event and profile record that is finished. */
  readonly outcomes: readonly Outcome[];
  readonly changes: number;
  readonly conflicts: number;
  /** How long after their time the memberships that time ended were found to have ended, in milliseconds. */
  readonly exitLatenessMs: readonly number[];
  /** Not finished where there is an error. */
  readonly remaining: readonly WorkItem[];
  /** Why it could not be finished; then the stream delivers it again. */
  readonly error?: unknown;
}

/** All that a batch holds for one profile, and how far it is. */
export interface Progress extends WorkResult {
  readonly key: ProfileKey;
  readonly outcomes: Outcome[];
  readonly exitLatenessMs: number[];
  remaining: readonly PlacedItem[];
  changes: number;
  conflicts: number;
  error?: unknown;
}

export const progressOf = (key: ProfileKey, remaining: readonly PlacedItem[] = []): Progress => ({
  key,
  outcomes: [],
  exitLatenessMs: [],
  remaining,
  changes: 0,
  conflicts: 0,
});
