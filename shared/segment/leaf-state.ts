/** The leaves of one profile during an evaluation: decoded when first read, encoded again where they were touched. */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { ProfileState } from '#shared/profile/profile-state.ts';
import type { CompiledLeaf, CompiledRules } from './compiled-rules.ts';
import {
  decodeRows,
  encodeRows,
  LEAF_BYTES_MAX,
  type LeafRow,
  mergeRows,
  NOT_KEPT,
  numbersIn,
  prune,
  rowOf,
} from './leaf-rows.ts';
import { RowTable } from './row-table.ts';

export const isNotKept = (leaf: Uint8Array) => leaf.length === 0;

export class LeafState {
  readonly #state: ProfileState;
  readonly #rules: CompiledRules;
  readonly #history: readonly StoredEvent[] | undefined;
  readonly #table: RowTable;
  readonly #rows = new Map<number, readonly LeafRow[]>();
  readonly #touched = new Set<CompiledLeaf>();

  constructor(state: ProfileState, rules: CompiledRules, history: readonly StoredEvent[] | undefined) {
    this.#state = state;
    this.#rules = rules;
    this.#history = history;
    this.#table = new RowTable(state.rows);
  }

  rows(ordinal: number): readonly LeafRow[] {
    const known = this.#rows.get(ordinal);
    if (known) return known;
    const rows = this.#read(this.#rules.leaves.get(ordinal) as CompiledLeaf);
    this.#rows.set(ordinal, rows);
    return rows;
  }

  /** Those that may hold rows. */
  *held(): Generator<CompiledLeaf> {
    for (const ordinal of new Set([...this.#state.leaves.keys(), ...this.#rows.keys()])) {
      const leaf = this.#rules.leaves.get(ordinal);
      if (leaf !== undefined) yield leaf;
    }
  }

  /** The time of the first row of any leaf after an instant; infinity where there is none. */
  firstAfter(instant: number): number {
    return this.#table.firstAfter(instant);
  }

  #read(leaf: CompiledLeaf): readonly LeafRow[] {
    const bytes = this.#state.leaves.get(leaf.ordinal);
    if (bytes === undefined) return [];
    return isNotKept(bytes) ? this.#fromHistory(leaf) : decodeRows(bytes, leaf.spec, this.#table);
  }

  #fromHistory(leaf: CompiledLeaf): readonly LeafRow[] {
    const matching = (this.#history ?? []).filter((event) => leaf.matches(event));
    const rows = matching.map((event) => rowOf(event, leaf.spec, this.#table));
    return mergeRows([], rows, leaf.keep, this.#state.evaluatedAt);
  }

  /** Fills a leaf that came with newer rules, as if it had always been there. */
  rebuild(leaf: CompiledLeaf): void {
    this.#rows.set(leaf.ordinal, this.#fromHistory(leaf));
    this.#touched.add(leaf);
  }

  /** `events` match the leaf. */
  add(leaf: CompiledLeaf, events: readonly StoredEvent[], now: number): void {
    const known = this.#withIds(leaf, events);
    const added = events.map((event) => rowOf(event, leaf.spec, this.#table));
    this.#rows.set(leaf.ordinal, mergeRows(known, added, leaf.keep, now));
    this.#touched.add(leaf);
  }

  /** Among rows of one instant ids decide, and kept rows have lost theirs: then history tells. */
  #withIds(leaf: CompiledLeaf, events: readonly StoredEvent[]): readonly LeafRow[] {
    const rows = this.rows(leaf.ordinal);
    if (!leaf.spec.ordered || this.#history === undefined) return rows;
    const instants = new Set(events.map(({ timestamp }) => timestamp));
    return rows.some(({ timestamp }) => instants.has(timestamp)) ? this.#fromHistory(leaf) : rows;
  }

  /** What to store: untouched leaves as they were, and the times of every row that some leaf names. */
  encode(now: number, retentionMs: number): Pick<ProfileState, 'leaves' | 'rows'> {
    const leaves = new Map<number, Uint8Array>();
    for (const [ordinal, bytes] of this.#state.leaves) if (this.#rules.leaves.has(ordinal)) leaves.set(ordinal, bytes);
    for (const leaf of this.#touched) {
      const alive = this.rows(leaf.ordinal).filter(({ timestamp }) => timestamp > now - retentionMs);
      const encoded = encodeRows(prune(alive, leaf.keep, now), leaf.spec);
      if (encoded.length === 0) leaves.delete(leaf.ordinal);
      else leaves.set(leaf.ordinal, encoded.length > LEAF_BYTES_MAX ? NOT_KEPT : encoded);
    }
    return { leaves, rows: this.#namedRows(leaves) };
  }

  #namedRows(leaves: ReadonlyMap<number, Uint8Array>): ProfileState['rows'] {
    if (this.#touched.size === 0 && leaves.size === this.#state.leaves.size) return this.#state.rows;
    const named = new Set<number>();
    for (const [ordinal, bytes] of leaves) {
      const { spec } = this.#rules.leaves.get(ordinal) as CompiledLeaf;
      for (const number of numbersIn(bytes, spec)) named.add(number);
    }
    return this.#table.kept((number) => named.has(number));
  }
}
