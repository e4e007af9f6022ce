/** The stores of profiles, as their users need them. Adapters implement these; contract tests hold them to it. */
import type { BatchResults } from './batch-results.ts';
import type { HistoryChunk } from './history.ts';
import type { Identity } from './identity.ts';

export interface ProfileKey {
  readonly sandboxName: string;
  readonly profileId: string;
}

export const profileKeyText = ({ sandboxName, profileId }: ProfileKey) => `${sandboxName}#${profileId}`;

export interface StoredProfile {
  readonly version: number;
  readonly state: Uint8Array;
  readonly dueAt?: number;
  readonly attributes?: Uint8Array;
  /** What batch jobs found, where it was asked for and there is any. */
  readonly batch?: { readonly version: number; readonly data: Uint8Array };
  /** The version of the batch results that the state was last evaluated with. */
  readonly batchVersion?: number;
  /** Set aside until an operator looks at it: what arrives for it is kept, not applied. */
  readonly parked?: boolean;
  /** Merged into the profile of this id: an alias, which stays one for good. */
  readonly leadsTo?: string;
}

export interface ProfileWrite {
  readonly key: ProfileKey;
  /** The version that was read; 0 where there was none. The write becomes version + 1, or a conflict. */
  readonly expectedVersion: number;
  readonly rulesVersion: number;
  readonly state: Uint8Array;
  /** When to look at the profile again though nothing arrives. */
  readonly due?: { readonly shard: number; readonly at: number };
  /** The membership changes made by this very version. */
  readonly changes?: Uint8Array;
  /** Present only when they change; then state and attributes change together or not at all. */
  readonly attributes?: Uint8Array;
  /** The version of the batch results that the state was evaluated with; absent where they were not read. */
  readonly batchVersion?: number;
  readonly parked?: boolean;
  /** Makes the profile an alias of the one of this id: its attributes go, its state is empty. Only in a joint write. */
  readonly leadsTo?: string;
}

/** `refused`: the store will never take this write, for instance because of its size. */
export type WriteOutcome = 'written' | 'conflict' | 'refused';

export interface ReadOptions {
  /** Whose batch results are wanted too. Nobody's without it: a read that no definition needs is not paid for. */
  readonly withBatch?: (key: ProfileKey) => boolean;
}

export interface ProfileStore {
  /** Consistent. Profiles that do not exist are absent from the map, whose keys are `profileKeyText`. */
  read(keys: readonly ProfileKey[], options?: ReadOptions): Promise<ReadonlyMap<string, StoredProfile>>;
  /** One outcome a write, in their order. Of several writes to one profile in a call the outcome is undefined. */
  write(writes: readonly ProfileWrite[]): Promise<readonly WriteOutcome[]>;
}

/** What happens to several profiles, and to who leads to them, at once or not at all. */
export interface JointWrite {
  /** Of profiles that differ. */
  readonly writes: readonly ProfileWrite[];
  /** What batch jobs found of them, where that is moved too. */
  readonly batches?: readonly BatchMove[];
  /** Identities that lead to another profile from now on. The one that they led to is among those written. */
  readonly moves?: readonly IdentityMove[];
}

export interface BatchMove {
  readonly key: ProfileKey;
  /** The version that was read; 0 where there was none. */
  readonly expectedVersion: number;
  /** What becomes the next version; nothing is left where it is absent. */
  readonly results?: BatchResults;
}

export interface IdentityMove {
  readonly sandboxName: string;
  readonly identities: readonly Identity[];
  readonly profileId: string;
}

export interface JointStore {
  commit(joint: JointWrite): Promise<WriteOutcome>;
}

export interface HistoryStore {
  append(key: ProfileKey, chunk: HistoryChunk): Promise<void>;
  /** Every chunk that may hold an event of this time, or every chunk. */
  read(key: ProfileKey, containing?: number): Promise<readonly HistoryChunk[]>;
}

export interface IdentityStore {
  /** The profile of each known identity, by `identityKey`. Consistent. */
  find(sandboxName: string, identities: readonly Identity[]): Promise<ReadonlyMap<string, string>>;
  /** All of them or none: false where any has been claimed by another meanwhile. */
  claim(sandboxName: string, identities: readonly Identity[], profileId: string): Promise<boolean>;
}

export interface RejectedRecord {
  /** Unique and the same at every delivery, so that a second delivery writes the same object. */
  readonly id: string;
  readonly reason: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly arrival: number;
}

/** A link between two profiles that was not followed: they stay two people until an operator looks at it. */
export interface RefusedLink {
  readonly sandboxName: string;
  /** The one of the two that is full, or the first of them. */
  readonly profileId: string;
  readonly otherProfileId: string;
  readonly reason: RefusalReason;
  /** Of the identities that the event or profile record named, in its order. */
  readonly namespaces: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

export type RefusalReason = 'too-many-identities' | 'kept-apart';

/** The newest of each profile and day is kept. */
export interface RefusedLinks {
  put(link: RefusedLink): Promise<void>;
}

/** Where what can't be read is kept, with its reason. */
export interface Quarantine {
  put(rejected: RejectedRecord): Promise<void>;
}

export interface ParkedItem {
  readonly key: ProfileKey;
  /** Unique and the same at every delivery; in text order it is the order of delivery within a shard. */
  readonly id: string;
  readonly reason: string;
  /** The item's JSON, fit to be put into the stream again. */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly arrival: number;
}

/** Where the items of a parked profile wait. Putting the same one again changes nothing. */
export interface ParkingLot {
  put(item: ParkedItem): Promise<void>;
}
