/**
 * What keeps one expression up to date without its whole history.
 *
 * A leaf is a projection of the profile's events: those that pass a test which never changes for an event, cut down to
 * the fields that the expression reads of them. Several expressions share a leaf whose test and fields are the same.
 */
import type { ExperienceEvent } from '../value.ts';

/** Which rows a leaf may forget. Both bounds together: a row is kept if neither lets it go. */
export interface Keep {
  /** Rows older than this many milliseconds before now are never read again. */
  readonly horizonMs?: number;
  /** Of the rows that are not in the future, only so many of the newest are ever read. */
  readonly newest?: number;
}

/** Something that an event must have for a test to hold: many tests are passed over at one look. */
export interface Guard {
  readonly path: readonly string[];
  /** Where the event has a text at the path, the test holds only if it is one of these; where it has nothing, never. */
  readonly values: readonly string[];
}

export interface LeafSpec {
  /** Canonical text of test and fields: equal keys are the same leaf. */
  readonly key: string;
  /** Event types outside of which the test never holds. */
  readonly eventTypes: readonly string[] | 'any';
  readonly guard: Guard | undefined;
  readonly matches: (event: ExperienceEvent) => boolean;
  /** Paths kept of each event besides its timestamp. */
  readonly fields: readonly (readonly string[])[];
  /** Conditions decided when the event arrives; the n-th is the row's field `#n`. */
  readonly flags: readonly ((event: ExperienceEvent) => boolean)[];
  /** Whether the order of rows of one instant matters. */
  readonly ordered: boolean;
  readonly keep: Keep;
}

export interface EvaluationContext {
  readonly profile: Readonly<Record<string, unknown>>;
  /** Rows of the leaf of a slot, sorted; in a replay plan slot 0 is the whole history. */
  readonly rows: (slot: number) => readonly ExperienceEvent[];
  readonly now: number;
  readonly inSegment: (idOrName: string) => boolean;
}

export interface Plan {
  readonly evaluationClass: 'incremental' | 'replay';
  /** Why it is of this class, for the author to read. */
  readonly reasons: readonly string[];
  readonly leaves: readonly LeafSpec[];
  /** What its answer depends on besides events and attributes: nothing, the clock for its rows, or the clock at all times. */
  readonly clock: 'none' | 'rows' | 'always';
  readonly evaluate: (context: EvaluationContext) => boolean;
  /** The earliest instant after `now` at which the answer may change though nothing arrives; never later than a real change. */
  readonly nextFlip: (context: EvaluationContext) => number | undefined;
}
