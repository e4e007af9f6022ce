/** What a job counts of each definition, over any part of the table; parts add up in any order. */
import type { ExportedFile } from './export-specification.ts';

export interface DefinitionTally {
  realized: number;
  existing: number;
  exited: number;
  readonly byNamespace: Record<string, number>;
  /** Answers that were timed, and how long they took together. */
  timed: number;
  timedNs: number;
}

/** By ordinal. */
export type Tallies = Readonly<Record<string, DefinitionTally>>;

export interface SliceCounts {
  profiles: number;
  /** Set aside until an operator looks at them: their stored memberships are counted. */
  parked: number;
  /** That could not be evaluated at all: an operator has to look at them. */
  failed: number;
  /** Whose state was of older rules than the current ones: woken. */
  behind: number;
  /** Whose stored memberships were not what evaluation said: woken. */
  drifted: number;
  /** Stored memberships that differed, of all of these. */
  drifts: number;
  /** Whose results of scheduled definitions changed: written, then woken. */
  decided: number;
  /** Who was asked for by an export, and is left out because they refuse what it is for. */
  optedOut: number;
}

/** A part of a range: the profiles from one position to another. */
export interface Slice extends SliceCounts {
  readonly from: string | null;
  /** Where the next one starts; null at the end of the range. */
  readonly next: string | null;
  readonly definitions: Tallies;
  /** Names of the member snapshots that belong to it. */
  readonly members: readonly string[];
  /** Files of an export with the rows of these profiles. */
  readonly files?: readonly ExportedFile[];
  /** Identities of an upload that somebody of these has. */
  readonly matched?: number;
  readonly startTime: number;
  readonly endTime: number;
}

export const NO_COUNTS: Readonly<SliceCounts> = {
  profiles: 0,
  parked: 0,
  failed: 0,
  behind: 0,
  drifted: 0,
  drifts: 0,
  decided: 0,
  optedOut: 0,
};

export const emptyTally = (): DefinitionTally => ({
  realized: 0,
  existing: 0,
  exited: 0,
  byNamespace: {},
  timed: 0,
  timedNs: 0,
});

export function addTally(sum: DefinitionTally, other: DefinitionTally): void {
  sum.realized += other.realized;
  sum.existing += other.existing;
  sum.exited += other.exited;
  sum.timed += other.timed;
  sum.timedNs += other.timedNs;
  for (const [namespace, count] of Object.entries(other.byNamespace)) {
    sum.byNamespace[namespace] = (sum.byNamespace[namespace] ?? 0) + count;
  }
}

export interface Totals extends SliceCounts {
  readonly definitions: Tallies;
  /** Names of the member snapshots, range by range. */
  readonly members: readonly string[];
  /** Null where nothing was looked at. */
  readonly startTime: number | null;
  readonly endTime: number | null;
}

/** Takes slices one by one: what it keeps is of the size of one. */
export class Sum {
  readonly #counts: SliceCounts = { ...NO_COUNTS };
  readonly #definitions: Record<string, DefinitionTally> = {};
  readonly #members: string[] = [];
  #startTime: number | null = null;
  #endTime: number | null = null;

  add(slice: Slice): void {
    for (const name of Object.keys(NO_COUNTS) as (keyof SliceCounts)[]) {
      // A slice of an earlier release does not have every count.
      this.#counts[name] += slice[name] ?? 0;
    }
    for (const [ordinal, tally] of Object.entries(slice.definitions)) {
      this.#definitions[ordinal] ??= emptyTally();
      addTally(this.#definitions[ordinal], tally);
    }
    this.#members.push(...slice.members);
    this.#startTime = Math.min(this.#startTime ?? slice.startTime, slice.startTime);
    this.#endTime = Math.max(this.#endTime ?? slice.endTime, slice.endTime);
  }

  get totals(): Totals {
    const times = { startTime: this.#startTime, endTime: this.#endTime };
    return { ...this.#counts, definitions: this.#definitions, members: this.#members, ...times };
  }
}
