/** What the benchmarks run on: people, what they do, and the definitions that ask about it. */

/** A condition in no language: `p.` is a field of the profile, `e.` of an event, `i.` of an item of a list. */
export interface Condition {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
  readonly args?: readonly Condition[];
  readonly arg?: Condition;
  readonly where?: Condition;
  readonly event?: Selection;
  readonly days?: number;
  readonly cmp?: string;
  readonly k?: number;
  readonly a?: Selection;
  readonly b?: Selection;
  readonly withinMs?: number;
}

export interface Selection {
  readonly type: string;
  readonly where?: Condition;
}

export type SegmentKind = 'attr' | 'event' | 'window';

export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly kind: SegmentKind;
  readonly ast: Condition;
}

export type Attributes = Readonly<Record<string, unknown>>;

export interface WorkloadEvent {
  readonly id: string;
  /** Which profile it is of. */
  readonly pi: number;
  readonly profileId: string;
  /** Epoch milliseconds. */
  readonly ts: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface EventOptions {
  readonly seed?: number;
  readonly spanDays?: number;
}

export interface SegmentOptions {
  readonly seed?: number;
  readonly mix?: Readonly<Partial<Record<SegmentKind, number>>>;
}

export interface Workload {
  makeProfiles(count: number, seed?: number): readonly Attributes[];
  /** In the order of time. */
  makeEvents(profiles: number, events: number, options?: EventOptions): Iterable<WorkloadEvent>;
  /** The first of a larger set are the same segments. */
  makeSegments(count: number, options?: SegmentOptions): readonly Segment[];
}
