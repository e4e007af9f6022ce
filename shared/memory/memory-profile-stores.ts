/** Profiles, history and identities for tests and the simulator: the promises of the ports, kept in maps. */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { HistoryChunk } from '#shared/profile/history.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { unpackEvent } from '#shared/profile/packed-event.ts';
import {
  type BatchMove,
  type ErasureOrder,
  type ErasureOrders,
  type HistoryEraser,
  type HistoryStore,
  type IdentityRow,
  type IdentityStore,
  type JointStore,
  type JointWrite,
  type ParkedItem,
  type ParkingLot,
  type ProfileKey,
  type ProfileStore,
  type ProfileWrite,
  profileKeyText,
  type Quarantine,
  type ReadOptions,
  type RefusalReason,
  type RefusedLink,
  type RefusedLinks,
  type RejectedRecord,
  type SeenIdentity,
  type StoredProfile,
  type WriteOutcome,
} from '#shared/profile/profile-store.ts';
import { MemoryBatchResults } from './memory-batch-results.ts';

/** Keeps every write in `log`, and shows it to `observe`, as the table's stream would. */
export class MemoryProfileStore implements ProfileStore {
  readonly log: ProfileWrite[] = [];
  /** What batch jobs leave beside the state. */
  readonly batch = new MemoryBatchResults();
  readonly #profiles = new Map<string, StoredProfile>();
  readonly #observe: (write: ProfileWrite) => void;

  constructor(observe: (write: ProfileWrite) => void = () => {}) {
    this.#observe = observe;
  }

  async read(
    keys: readonly ProfileKey[],
    { withBatch = () => false }: ReadOptions = {},
  ): Promise<ReadonlyMap<string, StoredProfile>> {
    const found = new Map<string, StoredProfile>();
    for (const key of keys) {
      const stored = this.#profiles.get(profileKeyText(key));
      const batch = withBatch(key) ? this.batch.bytesOf(key) : undefined;
      if (stored !== undefined) found.set(profileKeyText(key), { ...stored, ...(batch && { batch }) });
    }
    return found;
  }

  async write(writes: readonly ProfileWrite[]): Promise<readonly WriteOutcome[]> {
    return writes.map((write) => this.#writeOne(write));
  }

  #writeOne(write: ProfileWrite): WriteOutcome {
    const current = this.#profiles.get(profileKeyText(write.key));
    if ((current?.version ?? 0) !== write.expectedVersion) return 'conflict';
    this.#put(write, current);
    return 'written';
  }

  /** At once, for whoever has checked the versions. */
  writeAll(writes: readonly ProfileWrite[]): void {
    for (const write of writes) this.#put(write, this.#profiles.get(profileKeyText(write.key)));
  }

  /** Whether the profile is still as it was read; 0 where there was none. */
  isOfVersion(key: ProfileKey, version: number): boolean {
    return (this.#profiles.get(profileKeyText(key))?.version ?? 0) === version;
  }

  /** Without looking at the version: what the protocol forbids, for the tests that show why. */
  async force(writes: readonly ProfileWrite[]): Promise<readonly WriteOutcome[]> {
    for (const write of writes) this.#put(write, this.#profiles.get(profileKeyText(write.key)));
    return writes.map(() => 'written');
  }

  #put(write: ProfileWrite, current: StoredProfile | undefined): void {
    const { key, expectedVersion, state, due, attributes, parked, leadsTo, erasedAt, changes } = write;
    const isGone = leadsTo !== undefined || erasedAt !== undefined;
    const kept = isGone ? undefined : (attributes ?? current?.attributes);
    if (erasedAt !== undefined) this.batch.put(key, 0, undefined);
    const batchVersion = write.batchVersion ?? current?.batchVersion;
    this.#profiles.set(profileKeyText(key), {
      version: expectedVersion + 1,
      state,
      dueAt: due?.at,
      attributes: kept,
      batchVersion,
      parked,
      ...(leadsTo !== undefined && { leadsTo }),
      ...(erasedAt !== undefined && { erasedAt, farewell: changes }),
    });
    this.log.push(write);
    this.#observe(write);
  }

  /** The earliest instant at which a profile is due. */
  nextDue(): number | undefined {
    const instants = [...this.#profiles.values()].flatMap(({ dueAt }) => dueAt ?? []);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  all(): readonly (readonly [ProfileKey, StoredProfile])[] {
    return [...this.#profiles].map(([text, profile]) => [keyOf(text), profile]);
  }
}

function keyOf(text: string): ProfileKey {
  const at = text.indexOf('#');
  return { sandboxName: text.slice(0, at), profileId: text.slice(at + 1) };
}

export class MemoryHistoryStore implements HistoryStore, HistoryEraser {
  readonly #chunks = new Map<string, Map<string, HistoryChunk>>();

  async append(key: ProfileKey, chunk: HistoryChunk): Promise<void> {
    const text = profileKeyText(key);
    const chunks = this.#chunks.get(text) ?? new Map<string, HistoryChunk>();
    chunks.set(`${chunk.newest}#${chunk.version}`, chunk);
    this.#chunks.set(text, chunks);
  }

  async read(key: ProfileKey, containing?: number): Promise<readonly HistoryChunk[]> {
    const chunks = [...(this.#chunks.get(profileKeyText(key))?.values() ?? [])];
    if (containing === undefined) return chunks;
    return chunks.filter(({ oldest, newest }) => oldest <= containing && containing <= newest);
  }

  all(): readonly (readonly [ProfileKey, readonly HistoryChunk[]])[] {
    return [...this.#chunks].map(([text, chunks]) => [keyOf(text), [...chunks.values()]]);
  }

  async keepOnly(key: ProfileKey, isKept: (event: StoredEvent) => boolean): Promise<number> {
    const chunks = this.#chunks.get(profileKeyText(key)) ?? new Map<string, HistoryChunk>();
    let removed = 0;
    for (const [sortKey, chunk] of chunks) {
      const events = chunk.events.filter(({ packed }) => isKept(unpackEvent(packed)));
      removed += chunk.events.length - events.length;
      if (events.length === 0) chunks.delete(sortKey);
      else chunks.set(sortKey, { ...chunk, events });
    }
    return removed;
  }

  /** What the table's expiry does some time after: chunks whose newest event is that old are gone. */
  expire(before: number): void {
    for (const chunks of this.#chunks.values()) {
      for (const [sortKey, { newest }] of chunks) if (newest < before) chunks.delete(sortKey);
    }
  }
}

export class MemoryIdentityStore implements IdentityStore {
  readonly #rows = new Map<string, IdentityRow>();

  async find(sandboxName: string, identities: readonly Identity[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.rows(sandboxName, identities);
    return new Map([...rows].flatMap(([key, { profileId }]) => (profileId === undefined ? [] : [[key, profileId]])));
  }

  async rows(sandboxName: string, identities: readonly Identity[]): Promise<ReadonlyMap<string, IdentityRow>> {
    const found = identities.map((each) => [identityKey(each), this.#rows.get(rowName(sandboxName, each))] as const);
    return new Map(found.filter((entry): entry is readonly [string, IdentityRow] => entry[1] !== undefined));
  }

  claim(sandboxName: string, identities: readonly Identity[], profileId: string): Promise<boolean> {
    const unseen = identities.map((identity) => ({ identity, row: undefined }));
    return this.take(sandboxName, unseen, profileId);
  }

  async take(
    sandboxName: string,
    seen: readonly SeenIdentity[],
    profileId: string,
    erasedAt?: number,
  ): Promise<boolean> {
    if (!seen.every((each) => this.#isAsSeen(sandboxName, each))) return false;
    for (const { identity, row } of seen) {
      this.#rows.set(rowName(sandboxName, identity), { profileId, ...laterOf(row?.erasedAt, erasedAt) });
    }
    return true;
  }

  async block(sandboxName: string, seen: SeenIdentity, erasedAt: number): Promise<boolean> {
    if (!this.#isAsSeen(sandboxName, seen)) return false;
    const { identity, row } = seen;
    this.#rows.set(rowName(sandboxName, identity), { ...row, ...laterOf(row?.erasedAt, erasedAt) });
    return true;
  }

  #isAsSeen(sandboxName: string, { identity, row }: SeenIdentity): boolean {
    const { profileId, erasedAt } = this.#rows.get(rowName(sandboxName, identity)) ?? {};
    return profileId === row?.profileId && erasedAt === row?.erasedAt;
  }

  move(sandboxName: string, identities: readonly Identity[], profileId: string): void {
    this.#change(sandboxName, identities, { profileId });
  }

  erase(sandboxName: string, identities: readonly Identity[], erasedAt: number): void {
    this.#change(sandboxName, identities, { erasedAt });
  }

  #change(sandboxName: string, identities: readonly Identity[], change: IdentityRow): void {
    for (const name of identities.map((each) => rowName(sandboxName, each))) {
      this.#rows.set(name, { ...this.#rows.get(name), ...change });
    }
  }
}

const rowName = (sandboxName: string, identity: Identity) => `${sandboxName}#${identityKey(identity)}`;

function laterOf(...instants: readonly (number | undefined)[]): Pick<IdentityRow, 'erasedAt'> {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? {} : { erasedAt: Math.max(...known) };
}

export class MemoryErasureOrders implements ErasureOrders {
  readonly #orders = new Map<string, ErasureOrder>();

  async find(key: ProfileKey): Promise<ErasureOrder | undefined> {
    return this.#orders.get(profileKeyText(key));
  }

  async put(key: ProfileKey, order: ErasureOrder): Promise<void> {
    if (this.#orders.get(profileKeyText(key))?.estate === undefined) this.set(key, order);
  }

  set(key: ProfileKey, order: ErasureOrder): void {
    this.#orders.set(profileKeyText(key), order);
  }

  async remove(key: ProfileKey, jobId: string): Promise<void> {
    if (this.#orders.get(profileKeyText(key))?.jobId === jobId) this.#orders.delete(profileKeyText(key));
  }
}

export class MemoryJointStore implements JointStore {
  readonly #profiles: MemoryProfileStore;
  readonly #identities: MemoryIdentityStore;
  readonly #orders: MemoryErasureOrders;

  constructor(profiles: MemoryProfileStore, identities: MemoryIdentityStore, orders = new MemoryErasureOrders()) {
    this.#profiles = profiles;
    this.#identities = identities;
    this.#orders = orders;
  }

  async commit({ writes, batches = [], moves = [], erasures = [] }: JointWrite): Promise<WriteOutcome> {
    const isCurrent = ({ key, expectedVersion }: ProfileWrite) => this.#profiles.isOfVersion(key, expectedVersion);
    const { batch } = this.#profiles;
    const isBatchCurrent = ({ key, expectedVersion }: BatchMove) =>
      (batch.bytesOf(key)?.version ?? 0) === expectedVersion;
    if (!writes.every(isCurrent) || !batches.every(isBatchCurrent)) return 'conflict';
    // No await before the last of it: what was checked still holds.
    for (const { sandboxName, identities, profileId } of moves)
      this.#identities.move(sandboxName, identities, profileId);
    for (const { key, identities, erasedAt, order } of erasures) {
      this.#identities.erase(key.sandboxName, identities, erasedAt);
      this.#orders.set(key, order);
    }
    for (const { key, expectedVersion, results } of batches) batch.put(key, expectedVersion + 1, results);
    this.#profiles.writeAll(writes);
    return 'written';
  }
}

export class MemoryRefusedLinks implements RefusedLinks {
  readonly links = new Map<string, RefusedLink>();
  readonly reasons = new Set<RefusalReason>();

  async put(link: RefusedLink): Promise<void> {
    this.links.set(`${link.sandboxName}#${link.profileId}`, link);
    this.reasons.add(link.reason);
  }
}

export class MemoryQuarantine implements Quarantine {
  readonly rejected = new Map<string, RejectedRecord>();

  async put(rejected: RejectedRecord): Promise<void> {
    this.rejected.set(rejected.id, rejected);
  }
}

export class MemoryParkingLot implements ParkingLot {
  readonly parked = new Map<string, ParkedItem>();

  async put(item: ParkedItem): Promise<void> {
    this.parked.set(`${profileKeyText(item.key)}/${item.id}`, item);
  }
}
