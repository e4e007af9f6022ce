/** The stores in memory, with what DynamoDB would bill for each call. */

import { MemoryHistoryStore, MemoryProfileStore } from '#shared/memory/memory-profile-stores.ts';
import { encodeChunk, type HistoryChunk } from '#shared/profile/history.ts';
import type {
  ProfileKey,
  ProfileStore,
  ProfileWrite,
  StoredProfile,
  WriteOutcome,
} from '#shared/profile/profile-store.ts';
import { profileKeyText } from '#shared/profile/profile-store.ts';
import { ITEM_OVERHEAD_BYTES } from '#shared/segment/profile-update.ts';

/** Write units, but for `reads`. */
export interface Units {
  state: number;
  dueIndex: number;
  history: number;
  reads: number;
  writes: number;
}

export const NO_UNITS = (): Units => ({ state: 0, dueIndex: 0, history: 0, reads: 0, writes: 0 });

const KILOBYTE = 1024;
/** Keys and attribute names of the item. */
const CHUNK_OVERHEAD_BYTES = 150;
const READ_BYTES = 4096;

export class MeteredStores implements ProfileStore {
  units: Units = NO_UNITS();
  /** Of each state written since the start: those who do most are in it most often. */
  readonly writtenBytes: number[] = [];
  readonly profiles = new MemoryProfileStore();
  readonly history = new MemoryHistoryStore();
  readonly #itemBytes = new Map<string, number>();
  readonly #due = new Map<string, { readonly key: ProfileKey; readonly at: number }>();

  constructor() {
    const append = this.history.append.bind(this.history);
    this.history.append = async (key: ProfileKey, chunk: HistoryChunk) => {
      this.units.history += Math.ceil((encodeChunk(chunk.events).length + CHUNK_OVERHEAD_BYTES) / KILOBYTE);
      return append(key, chunk);
    };
  }

  async read(keys: readonly ProfileKey[]): Promise<ReadonlyMap<string, StoredProfile>> {
    const found = await this.profiles.read(keys);
    for (const { state, attributes } of found.values()) {
      // A consistent read of up to four kilobytes is a unit.
      this.units.reads += Math.ceil((state.length + ITEM_OVERHEAD_BYTES) / READ_BYTES);
      if (attributes !== undefined) this.units.reads += Math.ceil(attributes.length / READ_BYTES);
    }
    return found;
  }

  async write(writes: readonly ProfileWrite[]): Promise<readonly WriteOutcome[]> {
    const outcomes = await this.profiles.write(writes);
    this.profiles.log.length = 0;
    for (const [index, write] of writes.entries()) if (outcomes[index] === 'written') this.#meter(write);
    return outcomes;
  }

  /** An update is billed by the larger of the item before and after it. */
  #meter({ key, state, changes, due, attributes }: ProfileWrite): void {
    const text = profileKeyText(key);
    const bytes = state.length + (changes?.length ?? 0) + ITEM_OVERHEAD_BYTES;
    const units = Math.ceil(Math.max(bytes, this.#itemBytes.get(text) ?? 0) / KILOBYTE);
    this.#itemBytes.set(text, bytes);
    this.units.writes += 1;
    this.writtenBytes.push(state.length);
    // What changes attributes too is a transaction, which costs twice.
    this.units.state += attributes === undefined ? units : 2 * (units + Math.ceil(attributes.length / KILOBYTE));
    this.#meterDue(text, key, due?.at);
  }

  /** An entry that appears or goes is one write of the index, one that moves is two. */
  #meterDue(text: string, key: ProfileKey, at: number | undefined): void {
    const before = this.#due.get(text)?.at;
    if (before === at) return;
    this.units.dueIndex += before === undefined || at === undefined ? 1 : 2;
    if (at === undefined) this.#due.delete(text);
    else this.#due.set(text, { key, at });
  }

  dueUntil(instant: number): readonly { readonly key: ProfileKey; readonly at: number }[] {
    return [...this.#due.values()].filter(({ at }) => at <= instant);
  }

  firstDue(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { at } of this.#due.values()) if (at < first) first = at;
    return first;
  }
}
