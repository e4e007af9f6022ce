/**
 * One profile brought up to date: time first, then rules, then what arrived. Pure; the same for streaming, batch and read.
 *
 *     stored state ──advance through due boundaries──▶ ──changed rules──▶ ──new events, new attributes──▶ state, changes, due
 *
 * Only leaves that an event matches are touched, and only definitions that depend on something touched are evaluated.
 */
import { compareEvents } from '#shared/pql/events.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { hash32 } from '#shared/profile/hash.ts';
import type { MergedAttributes } from '#shared/profile/merge-policy.ts';
import type { Membership, ProfileState } from '#shared/profile/profile-state.ts';
import type { CompiledDefinition, CompiledLeaf, CompiledRules } from './compiled-rules.ts';
import { decodeRows, encodeRows, LEAF_BYTES_MAX, mergeRows, NOT_KEPT, prune, rowOf } from './leaf-rows.ts';
import { transition } from './membership.ts';

export type ChangeCause = 'event' | 'time' | 'definition' | 'merge' | 'batch' | 'erasure';

export interface MembershipChange {
  readonly segmentOrdinal: number;
  readonly status: Membership['status'];
  readonly time: number;
  readonly cause: ChangeCause;
}

export interface EvaluationRequest {
  readonly state: ProfileState;
  readonly rules: CompiledRules;
  readonly attributes: MergedAttributes;
  readonly attributesChanged: boolean;
  /** New to this profile, sorted by time. */
  readonly events: readonly StoredEvent[];
  /** All events already committed; wanted where `needsHistory` says so. */
  readonly history?: readonly StoredEvent[];
  readonly now: number;
  /** A lower bound of the next instant at which anything may change, as stored; undefined if nothing may. */
  readonly dueAt: number | undefined;
  readonly retentionMs: number;
}

export interface Evaluation {
  readonly leaves: ReadonlyMap<number, Uint8Array>;
  readonly memberships: ReadonlyMap<number, Membership>;
  readonly evaluatedAt: number;
  readonly changes: readonly MembershipChange[];
  readonly dueAt: number | undefined;
  /** Events that some leaf or replayed definition reads. */
  readonly relevant: ReadonlySet<StoredEvent>;
}

/** Whether the profile's stored events must be read before `evaluate`. */
export function needsHistory(request: Omit<EvaluationRequest, 'history'>): boolean {
  const { state, rules, events, attributesChanged, now, dueAt } = request;
  if (state.eventTypes.size === 0) return false;
  const isBehind = state.rulesVersion !== rules.version;
  const isDue = dueAt !== undefined && dueAt <= now;
  const readsHistory = rules.replayed.length > 0 || [...state.leaves.values()].some(isNotKept);
  if (readsHistory && (isBehind || isDue || attributesChanged || events.length > 0)) return true;
  return (
    isBehind && [...rules.leaves.values()].some((leaf) => leaf.since > state.rulesVersion && mayHoldRows(leaf, state))
  );
}

const isNotKept = (leaf: Uint8Array) => leaf.length === 0;

function mayHoldRows({ eventTypes }: CompiledLeaf, state: ProfileState): boolean {
  return eventTypes === 'any' || [...eventTypes].some((type) => state.eventTypes.has(type));
}

export function evaluate(request: EvaluationRequest): Evaluation {
  const session = new Session(request);
  session.rebuildLeaves();
  session.advance();
  session.followRules();
  session.apply();
  return session.finish();
}

class Session {
  readonly #request: EvaluationRequest;
  readonly #rules: CompiledRules;
  readonly #now: number;
  readonly #rows = new Map<number, readonly StoredEvent[]>();
  readonly #touched = new Set<number>();
  readonly #memberships: Map<number, Membership>;
  readonly #changes: MembershipChange[] = [];
  readonly #relevant = new Set<StoredEvent>();
  #events: readonly StoredEvent[];
  #dueAt: number | undefined;
  #at: number;

  constructor(request: EvaluationRequest) {
    const { state, rules, now, history = [], dueAt } = request;
    this.#request = request;
    this.#rules = rules;
    this.#now = Math.max(now, state.evaluatedAt);
    this.#at = state.evaluatedAt;
    this.#memberships = new Map(state.memberships);
    this.#events = history;
    this.#dueAt = dueAt;
  }

  get #isBehindRules(): boolean {
    return this.#request.state.rulesVersion !== this.#rules.version;
  }

  rowsOf(leaf: CompiledLeaf): readonly StoredEvent[] {
    const known = this.#rows.get(leaf.ordinal);
    if (known) return known;
    const bytes = this.#request.state.leaves.get(leaf.ordinal);
    const rows =
      bytes === undefined ? [] : isNotKept(bytes) ? this.#rowsFromHistory(leaf) : decodeRows(bytes, leaf.spec.fields);
    this.#rows.set(leaf.ordinal, rows);
    return rows;
  }

  #rowsFromHistory(leaf: CompiledLeaf): readonly StoredEvent[] {
    const { history = [] } = this.#request;
    const rows = history.filter((event) => leaf.matches(event)).map((event) => rowOf(event, leaf.spec.fields));
    return mergeRows([], rows, leaf.keep, this.#request.state.evaluatedAt);
  }

  /** Leaves that came with newer rules are filled from history, as if they had always been there. */
  rebuildLeaves(): void {
    if (!this.#isBehindRules) return;
    const { state } = this.#request;
    for (const leaf of this.#rules.leaves.values()) {
      if (leaf.since <= state.rulesVersion) continue;
      this.#rows.set(leaf.ordinal, this.#rowsFromHistory(leaf));
      this.#touched.add(leaf.ordinal);
    }
  }

  /** Takes time from the last evaluation to now, stopping at each instant at which something may change. */
  advance(): void {
    if (this.#dueAt === undefined || this.#dueAt > this.#now) return;
    const current = this.#rules.definitions.filter(({ since }) => since <= this.#request.state.rulesVersion);
    const flips = new Map(current.map((definition) => [definition, this.#nextFlip([definition])]));
    for (let next = soonest(flips); next !== undefined && next <= this.#now; next = soonest(flips)) {
      this.#at = next;
      const affected = new Set(
        current.filter((definition) => (flips.get(definition) ?? Number.POSITIVE_INFINITY) <= this.#at),
      );
      this.#walk(affected, 'time');
      for (const definition of affected) flips.set(definition, this.#nextFlip([definition]));
    }
    this.#at = this.#now;
    this.#dueAt = this.#nextFlip(this.#rules.definitions);
  }

  /** Definitions published, edited or deleted since this profile was last evaluated. */
  followRules(): void {
    this.#at = this.#now;
    if (!this.#isBehindRules) return;
    const { rulesVersion } = this.#request.state;
    for (const ordinal of [...this.#memberships.keys()]) {
      if (!this.#rules.byOrdinal.has(ordinal)) this.#exitRetired(ordinal);
    }
    const changed = this.#rules.definitions.filter(({ since }) => since > rulesVersion);
    this.#walk(new Set(changed), 'definition');
    this.#dueAt = earliest(this.#dueAt, this.#nextFlip(changed));
  }

  #exitRetired(segmentOrdinal: number): void {
    const membership = this.#memberships.get(segmentOrdinal);
    this.#memberships.delete(segmentOrdinal);
    if (membership?.status !== 'realized') return;
    this.#changes.push({ segmentOrdinal, status: 'exited', time: this.#now, cause: 'definition' });
  }

  apply(): void {
    const { events, attributesChanged } = this.#request;
    const affected = new Set<CompiledDefinition>(attributesChanged ? this.#rules.readingAttributes : []);
    if (events.length > 0) {
      this.#events = [...this.#events, ...events].sort(compareEvents);
      for (const definition of this.#rules.replayed) affected.add(definition);
      if (this.#rules.replayed.length > 0) for (const event of events) this.#relevant.add(event);
      for (const leaf of this.#addToLeaves(events)) for (const definition of leaf.definitions) affected.add(definition);
    }
    this.#walk(affected, 'event');
    this.#dueAt = earliest(this.#dueAt, this.#nextFlip([...affected]));
  }

  #addToLeaves(events: readonly StoredEvent[]): ReadonlySet<CompiledLeaf> {
    const added = new Map<CompiledLeaf, StoredEvent[]>();
    for (const event of events) {
      for (const leaf of this.#leavesFor(event)) {
        if (!leaf.matches(event)) continue;
        this.#relevant.add(event);
        added.set(leaf, [...(added.get(leaf) ?? []), rowOf(event, leaf.spec.fields)]);
      }
    }
    for (const [leaf, rows] of added) {
      this.#rows.set(leaf.ordinal, mergeRows(this.rowsOf(leaf), rows, leaf.keep, this.#now));
      this.#touched.add(leaf.ordinal);
    }
    return new Set(added.keys());
  }

  #leavesFor({ eventType }: StoredEvent): readonly CompiledLeaf[] {
    const { leavesByType, leavesOfAnyType } = this.#rules;
    const typed = eventType === undefined ? undefined : leavesByType.get(hash32(eventType));
    return typed === undefined ? leavesOfAnyType : [...typed, ...leavesOfAnyType];
  }

  /** Evaluates what is affected in dependency order; a membership that flips affects its dependents. */
  #walk(affected: Set<CompiledDefinition>, cause: ChangeCause): void {
    if (affected.size === 0) return;
    for (const definition of this.#rules.definitions) {
      if (!affected.has(definition)) continue;
      if (!this.#settle(definition, cause)) continue;
      for (const dependent of this.#rules.dependents.get(definition.ordinal) ?? []) affected.add(dependent);
    }
  }

  #settle(definition: CompiledDefinition, cause: ChangeCause): boolean {
    const current = this.#memberships.get(definition.ordinal);
    const next = transition(current, definition.plan.evaluate(this.#contextOf(definition)), this.#at);
    if (next === undefined) return false;
    this.#memberships.set(definition.ordinal, next);
    const { status } = next;
    this.#changes.push({ segmentOrdinal: definition.ordinal, status, time: this.#at, cause });
    return true;
  }

  #contextOf(definition: CompiledDefinition) {
    const { attributes, retentionMs } = this.#request;
    const oldest = this.#at - retentionMs;
    const alive = (events: readonly StoredEvent[]) =>
      events.length > 0 && (events[0] as StoredEvent).timestamp <= oldest
        ? events.filter(({ timestamp }) => timestamp > oldest)
        : events;
    const { plan, leaves } = definition;
    const isReplayed = plan.evaluationClass === 'replay';
    return {
      profile: attributes,
      now: this.#at,
      rows: (slot: number) => {
        if (isReplayed) return alive(this.#events);
        return alive(this.rowsOf(this.#rules.leaves.get(leaves[slot] as number) as CompiledLeaf));
      },
      inSegment: (reference: string) => this.#isMember(reference),
    };
  }

  #isMember(reference: string): boolean {
    const ordinal = this.#rules.ordinals.get(reference);
    return ordinal !== undefined && this.#memberships.get(ordinal)?.status === 'realized';
  }

  #nextFlip(definitions: readonly CompiledDefinition[]): number | undefined {
    let next: number | undefined;
    for (const definition of definitions) {
      const context = this.#contextOf(definition);
      next = earliest(next, definition.plan.nextFlip(context));
      next = earliest(next, this.#nextExpiry(definition));
    }
    return next;
  }

  /** When the oldest event that a definition reads leaves the retention. */
  #nextExpiry({ leaves, plan }: CompiledDefinition): number | undefined {
    const lists =
      plan.evaluationClass === 'replay'
        ? [this.#events]
        : leaves.map((ordinal) => this.rowsOf(this.#rules.leaves.get(ordinal) as CompiledLeaf));
    let next: number | undefined;
    for (const rows of lists) {
      const expiring = rows.find(({ timestamp }) => timestamp + this.#request.retentionMs > this.#at);
      if (expiring) next = earliest(next, expiring.timestamp + this.#request.retentionMs);
    }
    return next;
  }

  finish(): Evaluation {
    return {
      leaves: this.#encodeLeaves(),
      memberships: this.#memberships,
      evaluatedAt: this.#now,
      changes: this.#changes,
      dueAt: this.#dueAt,
      relevant: this.#relevant,
    };
  }

  #encodeLeaves(): ReadonlyMap<number, Uint8Array> {
    const leaves = new Map<number, Uint8Array>();
    for (const [ordinal, bytes] of this.#request.state.leaves) {
      if (this.#rules.leaves.has(ordinal) && !this.#touched.has(ordinal)) leaves.set(ordinal, bytes);
    }
    const oldest = this.#now - this.#request.retentionMs;
    for (const ordinal of this.#touched) {
      const leaf = this.#rules.leaves.get(ordinal) as CompiledLeaf;
      const rows = prune(this.rowsOf(leaf), leaf.keep, this.#now).filter(({ timestamp }) => timestamp > oldest);
      if (rows.length > 0) leaves.set(ordinal, keepable(encodeRows(rows, leaf.spec.fields)));
    }
    return leaves;
  }
}

const keepable = (leaf: Uint8Array) => (leaf.length > LEAF_BYTES_MAX ? NOT_KEPT : leaf);

function soonest(flips: ReadonlyMap<unknown, number | undefined>): number | undefined {
  return [...flips.values()].reduce(earliest, undefined);
}

function earliest(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
