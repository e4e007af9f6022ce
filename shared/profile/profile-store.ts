/** The stores of profiles, as their users need them. Adapters implement these; contract tests hold them to it. */
import type { BatchResults } from './batch-results.ts';
import type { StoredEvent } from './experience-event.ts';
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
  /** Erased at this instant, epoch milliseconds: a tombstone, which stays one for good. */
  readonly erasedAt?: number;
  /** Of a tombstone: the changes by which the person left, for whoever must be told again. */
  readonly farewell?: Uint8Array;
}

/** Whether somebody is there: what was merged into another profile, or erased, is no profile any more. */
export const isSomebody = ({ leadsTo, erasedAt }: Pick<StoredProfile, 'leadsTo' | 'erasedAt'>): boolean =>
  leadsTo === undefined && erasedAt === undefined;

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
  /** Makes the profile a tombstone: attributes and batch results go, its state is empty. Only in a joint write. */
  readonly erasedAt?: number;
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
  /** Identities of whom is erased, and what the profile leaves to be cleared away. */
  readonly erasures?: readonly Erasure[];
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

/** That somebody is to be erased: kept beside the profile, for a record of the stream carries its key and nothing else. */
export interface ErasureOrder {
  readonly jobId: string;
  /** Those that were named when it was asked for. */
  readonly identities: readonly Identity[];
  /** Epoch milliseconds; no tombstone of it is of an earlier instant. */
  readonly requestedAt: number;
  /** What the profile left; undefined until it is a tombstone. */
  readonly estate?: Estate;
}

/** What must be known to clear away what lies elsewhere; it goes when that is done. */
export interface Estate {
  readonly identities: readonly Identity[];
  /** Ids under which its events are kept, its own first. */
  readonly partitions: readonly string[];
  /** The partitions hold events of others, too. */
  readonly sharesPartitions: boolean;
  /** Epoch milliseconds: what its identities did later is somebody else's. */
  readonly erasedAt: number;
  /** Texts by which it may be found where only values are kept. */
  readonly values: readonly string[];
}

export interface Erasure {
  readonly key: ProfileKey;
  readonly identities: readonly Identity[];
  /** Epoch milliseconds. */
  readonly erasedAt: number;
  readonly order: ErasureOrder;
}

export interface ErasureOrders {
  find(key: ProfileKey): Promise<ErasureOrder | undefined>;
  /** Over whatever was there, but for an estate. */
  put(key: ProfileKey, order: ErasureOrder): Promise<void>;
  /** Only where it is of this job: another may have asked since for what the profile has become. */
  remove(key: ProfileKey, jobId: string): Promise<void>;
}

export interface JointStore {
  commit(joint: JointWrite): Promise<WriteOutcome>;
}

export interface HistoryStore {
  append(key: ProfileKey, chunk: HistoryChunk): Promise<void>;
  /** Every chunk that may hold an event of this time, or every chunk. */
  read(key: ProfileKey, containing?: number): Promise<readonly HistoryChunk[]>;
}

/** Where events are taken out of history for good. */
export interface HistoryEraser {
  /** Leaves of every chunk what is to be kept. How many events went. */
  keepOnly(key: ProfileKey, isKept: (event: StoredEvent) => boolean): Promise<number>;
}

/** What is known of an identity. */
export interface IdentityRow {
  /** The profile that it leads to, or an alias of it; undefined where it was erased before anybody had it. */
  readonly profileId?: string;
  /** Whatever is or arrived no later than this, epoch milliseconds, is of somebody who was erased. */
  readonly erasedAt?: number;
}

/** An identity, and what was read of it: undefined where nothing was known. */
export interface SeenIdentity {
  readonly identity: Identity;
  readonly row: IdentityRow | undefined;
}

export interface IdentityStore {
  /** The profile of each known identity, by `identityKey`. Consistent. */
  find(sandboxName: string, identities: readonly Identity[]): Promise<ReadonlyMap<string, string>>;
  /** Each row that there is, by `identityKey`. Consistent. */
  rows(sandboxName: string, identities: readonly Identity[]): Promise<ReadonlyMap<string, IdentityRow>>;
  /** All of them or none: false where anything is known of any of them by now. */
  claim(sandboxName: string, identities: readonly Identity[], profileId: string): Promise<boolean>;
  /**
   * Lets them lead to the profile, all of them or none: false where any row is no longer as it was seen. `erasedAt` is put
   * where it is later than the row's own.
   */
  take(sandboxName: string, seen: readonly SeenIdentity[], profileId: string, erasedAt?: number): Promise<boolean>;
  /** Sets `erasedAt`, wherever it leads: false where the row is no longer as it was seen. */
  block(sandboxName: string, seen: SeenIdentity, erasedAt: number): Promise<boolean>;
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
