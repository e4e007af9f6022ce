/**
 * One profile brought up to date: time first, then rules, then what arrived. Pure; the same for streaming, batch and read.
 *
 *     stored state ──advance through due boundaries──▶ ──changed rules──▶ ──what batch found──▶ ──new events, new attributes──▶
 *     state, changes, due
 *
 * Only leaves that an event matches are touched, and only definitions that depend on something touched are evaluated.
 */
import { compareEvents } from '#shared/pql/events.ts';
import type { BatchResults } from '#shared/profile/batch-results.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { Membership, ProfileState } from '#shared/profile/profile-state.ts';
import type { ProfileView } from '#shared/profile/profile-view.ts';
import { decidedByBatch, decidedSince, endOfExternal } from './batch-decision.ts';
import { earliest, setOrDelete, soonestOf } from './boundaries.ts';
import type { CompiledDefinition, CompiledLeaf, CompiledRules } from './compiled-rules.ts';
import { LeafState } from './leaf-state.ts';
import { transition } from './membership.ts';

export type ChangeCause = 'event' | 'time' | 'definition' | 'merge' | 'batch' | 'erasure';

export interface MembershipChange {
  readonly segmentOrdinal: number;
  readonly status: Membership['status'];
  readonly time: number;
  readonly cause: ChangeCause;
  readonly repeated?: 'resync' | 'consent';
}

export interface EvaluationRequest {
  readonly state: ProfileState;
  readonly rules: CompiledRules;
  /** As they were at the last evaluation. */
  readonly attributes: ProfileView;
  /** As they are from now on, where they changed. */
  readonly newAttributes?: ProfileView;
  /** What batch jobs found; undefined where it was not read: then what they decide stays as it is. */
  readonly batch?: BatchResults | undefined;
  /** The last evaluation knew other batch results. */
  readonly isBatchNew?: boolean | undefined;
  /** New to this profile, sorted by time. */
  readonly events: readonly StoredEvent[];
  /** All events already committed; wanted where `needsHistory` says so. */
  readonly history?: readonly StoredEvent[];
  readonly now: number;
  /** A lower bound of the next instant at which anything may change, as stored; undefined if nothing may. */
  readonly dueAt: number | undefined;
  readonly retentionMs: number;
  /** Evaluated at `now` whatever their leaves say: by a job that checks what is stored, or that decides by itself. */
  readonly again?: readonly CompiledDefinition[] | undefined;
  /** Told of each answer that `again` asks for, by whoever wants to know what it costs. */
  readonly timed?: Timed | undefined;
}

export type Timed = (definition: CompiledDefinition, answer: () => boolean) => boolean;

export interface Evaluation {
  readonly rows: ProfileState['rows'];
  readonly leaves: ReadonlyMap<number, Uint8Array>;
  readonly memberships: ReadonlyMap<number, Membership>;
  readonly evaluatedAt: number;
  readonly changes: readonly MembershipChange[];
  readonly dueAt: number | undefined;
  /** Events that some leaf or replayed definition reads. */
  readonly relevant: ReadonlySet<StoredEvent>;
}

export function evaluate(request: EvaluationRequest): Evaluation {
  const session = new Session(request);
  session.rebuildLeaves();
  session.advance();
  session.followRules();
  session.followBatch();
  session.apply();
  session.checkAgain();
  return session.finish();
}

class Session {
  readonly #request: EvaluationRequest;
  readonly #rules: CompiledRules;
  readonly #now: number;
  readonly #leaves: LeafState;
  readonly #memberships: Map<number, Membership>;
  readonly #changes: MembershipChange[] = [];
  readonly #relevant = new Set<StoredEvent>();
  #attributes: ProfileView;
  /** Answers that the attributes as they are now give on their own. */
  #read: ReadOff | undefined;
  #events: readonly StoredEvent[];
  #dueAt: number | undefined;
  #at: number;

  constructor(request: EvaluationRequest) {
    const { state, rules, now, history, dueAt } = request;
    this.#request = request;
    this.#rules = rules;
    this.#now = Math.max(now, state.evaluatedAt);
    this.#at = state.evaluatedAt;
    this.#memberships = new Map(state.memberships);
    this.#leaves = new LeafState(state, rules, history);
    this.#attributes = request.attributes;
    this.#events = history ?? [];
    this.#dueAt = dueAt;
  }

  get #isBehindRules(): boolean {
    return this.#request.state.rulesVersion !== this.#rules.version;
  }

  /** Leaves that came with newer rules are filled from history, as if they had always been there. */
  rebuildLeaves(): void {
    if (!this.#isBehindRules) return;
    const { state } = this.#request;
    for (const leaf of this.#rules.leaves.values()) if (leaf.since > state.rulesVersion) this.#leaves.rebuild(leaf);
  }

  /** Takes time from the last evaluation to now, stopping at each instant at which something may change. */
  advance(): void {
    if (this.#dueAt === undefined || this.#dueAt > this.#now) return;
    const isCurrent = ({ since }: CompiledDefinition) => since <= this.#request.state.rulesVersion;
    const expiring = (this.#nextRetention() ?? Number.POSITIVE_INFINITY) <= this.#now;
    const current = (expiring ? this.#rules.definitions : this.#clocked()).filter(isCurrent);
    const flips = new Map<CompiledDefinition, number>();
    this.#schedule(current, flips);
    for (let next = soonestOf(flips)?.[1]; next !== undefined && next <= this.#now; next = soonestOf(flips)?.[1]) {
      this.#at = next;
      const affected = new Set([...flips].filter(([, flip]) => flip <= next).map(([definition]) => definition));
      // Dependents that newer rules brought follow with those rules, not here.
      this.#walk(affected, 'time', isCurrent);
      this.#schedule([...affected], flips);
    }
    this.#at = this.#now;
    // Events may be gone from history before the instant at which they left the retention was passed.
    if (expiring) this.#walk(new Set(this.#rules.replayed.filter(isCurrent)), 'time', isCurrent);
    this.#dueAt = this.#nextFlip(this.#clocked());
  }

  /** Definitions whose answer time alone may change as this profile is: most of them keep no row of it. */
  #clocked(): readonly CompiledDefinition[] {
    const found = new Set(this.#rules.alwaysClocked);
    for (const leaf of this.#leaves.held()) for (const definition of leaf.clocked) found.add(definition);
    for (const ordinal of this.#request.batch?.external.keys() ?? []) {
      const definition = this.#rules.byOrdinal.get(ordinal);
      if (definition?.kind === 'external') found.add(definition);
    }
    return [...found];
  }

  #schedule(definitions: readonly CompiledDefinition[], flips: Map<CompiledDefinition, number>): void {
    for (const definition of definitions) {
      const flip = earliest(this.#boundaryOf(definition, this.#at), this.#nextExpiry(definition));
      setOrDelete(flips, definition, flip);
    }
  }

  /** Definitions published, edited or deleted since this profile was last evaluated. */
  followRules(): void {
    this.#at = this.#now;
    if (!this.#isBehindRules) return;
    const { rulesVersion } = this.#request.state;
    for (const ordinal of [...this.#memberships.keys()]) {
      if (!this.#rules.byOrdinal.has(ordinal)) this.#exitRetired(ordinal);
    }
    const changed = new Set(this.#rules.definitions.filter(({ since }) => since > rulesVersion));
    // To somebody new every definition is older than they are: what brought them is the cause.
    const isNew = this.#request.state.evaluatedAt === 0;
    this.#walk(changed, isNew ? 'event' : 'definition');
    this.#dueAt = earliest(this.#dueAt, this.#nextFlip([...changed]));
  }

  #exitRetired(segmentOrdinal: number): void {
    const membership = this.#memberships.get(segmentOrdinal);
    this.#memberships.delete(segmentOrdinal);
    if (membership?.status !== 'realized') return;
    this.#changes.push({ segmentOrdinal, status: 'exited', time: this.#now, cause: 'definition' });
  }

  /** What batch decides, and conditions over scores, where a job has found something since. */
  followBatch(): void {
    if (!this.#request.isBatchNew) return;
    const { readingBatch } = this.#rules;
    this.#walk(new Set(readingBatch), 'batch');
    this.#dueAt = earliest(this.#dueAt, this.#nextFlip(readingBatch));
  }

  apply(): void {
    const { events, newAttributes } = this.#request;
    const concerned = newAttributes && this.#rules.concernedBy(this.#attributes, newAttributes);
    const affected = new Set(concerned?.keys());
    if (concerned !== undefined) this.#read = (definition) => concerned.get(definition);
    this.#attributes = newAttributes ?? this.#attributes;
    if (events.length > 0) {
      this.#events = [...this.#events, ...events].sort(compareEvents);
      for (const definition of this.#rules.replayed) affected.add(definition);
      if (this.#rules.replayed.length > 0) for (const event of events) this.#relevant.add(event);
      for (const leaf of this.#addToLeaves(events)) for (const definition of leaf.definitions) affected.add(definition);
    }
    this.#walk(affected, 'event');
    this.#dueAt = earliest(this.#dueAt, this.#nextFlip([...affected]));
  }

  /** A difference here is one that no event, no instant and no rule accounts for. */
  checkAgain(): void {
    const again = this.#doubtful();
    const before = this.#changes.length;
    this.#walk(new Set(again), 'batch');
    if (this.#changes.length > before) this.#dueAt = earliest(this.#dueAt, this.#nextFlip(again));
  }

  /** Of what is to be evaluated again, all whose answer can't be read off as the one that is known. */
  #doubtful(): readonly CompiledDefinition[] {
    const { again = [], timed } = this.#request;
    if (timed !== undefined || again.length < READ_OFF_FROM) return again;
    const holds = this.#rules.holding(this.#attributes);
    return again.filter((definition) => holds(definition) !== this.#isRealized(definition.ordinal));
  }

  #addToLeaves(events: readonly StoredEvent[]): ReadonlySet<CompiledLeaf> {
    const added = new Map<CompiledLeaf, StoredEvent[]>();
    for (const event of events) {
      for (const leaf of this.#rules.leavesFor(event)) {
        if (!leaf.matches(event)) continue;
        this.#relevant.add(event);
        added.set(leaf, [...(added.get(leaf) ?? []), event]);
      }
    }
    for (const [leaf, matching] of added) this.#leaves.add(leaf, matching, this.#now);
    return new Set(added.keys());
  }

  /** Evaluates what is affected in dependency order; a membership that flips affects its dependents, which are added. */
  #walk(affected: Set<CompiledDefinition>, cause: ChangeCause, follows = everybody): void {
    if (affected.size >= READ_OFF_FROM) this.#read = this.#rules.holding(this.#attributes);
    let queue = [...affected].sort(byPosition);
    for (let next = 0; next < queue.length; next++) {
      const definition = queue[next] as CompiledDefinition;
      if (!this.#settle(definition, cause)) continue;
      const dependents = this.#rules.dependents.get(definition.ordinal) ?? [];
      const added = dependents.filter((dependent) => follows(dependent) && !affected.has(dependent));
      for (const dependent of added) affected.add(dependent);
      if (added.length === 0) continue;
      queue = [...queue.slice(next + 1), ...added].sort(byPosition);
      next = -1;
    }
  }

  #settle(definition: CompiledDefinition, cause: ChangeCause): boolean {
    const current = this.#memberships.get(definition.ordinal);
    const qualifies = this.#answer(definition, cause);
    const reason = definition.kind === undefined || cause === 'time' ? cause : 'batch';
    const at = this.#timeOf(definition, qualifies, reason);
    const next = transition(current, qualifies, at);
    if (next === undefined) return false;
    this.#memberships.set(definition.ordinal, next);
    const { status } = next;
    this.#changes.push({ segmentOrdinal: definition.ordinal, status, time: at, cause: reason });
    return true;
  }

  #answer(definition: CompiledDefinition, cause: ChangeCause): boolean {
    const { timed } = this.#request;
    if (timed === undefined || cause !== 'batch') return this.#qualifies(definition, this.#at);
    // What it costs on its own: read off with all others it would seem to cost nothing.
    this.#read = undefined;
    return timed(definition, () => this.#qualifies(definition, this.#at));
  }

  #qualifies(definition: CompiledDefinition, at: number): boolean {
    if (definition.kind === undefined) {
      return this.#read?.(definition) ?? definition.plan.evaluate(this.#contextOf(definition, at));
    }
    return decidedByBatch(definition, this.#request.batch, at) ?? this.#isRealized(definition.ordinal);
  }

  #timeOf(definition: CompiledDefinition, qualifies: boolean, cause: ChangeCause): number {
    if (cause === 'definition') return this.#sincePublished(definition, qualifies);
    const { batch } = this.#request;
    if (cause !== 'batch' || definition.kind === undefined || batch === undefined) return this.#at;
    return decidedSince(definition, batch, { current: this.#memberships.get(definition.ordinal), now: this.#at });
  }

  /** A definition holds of somebody from its publication on if it did so then, whoever looks first and however late. */
  #sincePublished(definition: CompiledDefinition, qualifies: boolean): number {
    const { publishedAt = this.#at, plan } = definition;
    const isBetween = publishedAt > this.#request.state.evaluatedAt && publishedAt < this.#at;
    return isBetween && plan.evaluate(this.#contextOf(definition, publishedAt)) === qualifies ? publishedAt : this.#at;
  }

  #contextOf(definition: CompiledDefinition, at = this.#at) {
    const oldest = at - this.#request.retentionMs;
    const alive = (events: readonly StoredEvent[]) =>
      events.length > 0 && (events[0] as StoredEvent).timestamp <= oldest
        ? events.filter(({ timestamp }) => timestamp > oldest)
        : events;
    const { plan, leaves, merge } = definition;
    const isReplayed = plan.evaluationClass === 'replay';
    return {
      profile: this.#attributes.by(merge),
      now: at,
      rows: (slot: number) => {
        if (isReplayed) return alive(this.#events);
        return alive(this.#leaves.rows(leaves[slot] as number));
      },
      inSegment: (reference: string) => this.#isMember(reference),
    };
  }

  #isMember(reference: string): boolean {
    const ordinal = this.#rules.ordinals.get(reference);
    return ordinal !== undefined && this.#isRealized(ordinal);
  }

  #isRealized(ordinal: number): boolean {
    return this.#memberships.get(ordinal)?.status === 'realized';
  }

  /**
   * When the first of the definitions really changes, or anything leaves the retention. After some boundaries that change
   * nothing it is the next boundary, which is early and harmless.
   */
  #nextFlip(definitions: readonly CompiledDefinition[]): number | undefined {
    const boundaries = new Map<CompiledDefinition, number>();
    for (const definition of definitions) setOrDelete(boundaries, definition, this.#boundaryOf(definition, this.#at));
    const retention = this.#nextRetention();
    for (let looks = 0; looks < BOUNDARIES_LOOKED_AT; looks++) {
      const [definition, at] = soonestOf(boundaries) ?? [];
      if (definition === undefined || at === undefined) return retention;
      if (retention !== undefined && retention <= at) return retention;
      if (this.#qualifies(definition, at) !== this.#isRealized(definition.ordinal)) return at;
      setOrDelete(boundaries, definition, this.#boundaryOf(definition, at));
    }
    return earliest(retention, soonestOf(boundaries)?.[1]);
  }

  /** The next instant after `at` at which the definition's answer may change. */
  #boundaryOf(definition: CompiledDefinition, at: number): number | undefined {
    const { kind, plan, leaves } = definition;
    if (kind !== undefined) return endOfExternal(definition, this.#request.batch, at);
    const hasRows = () => leaves.some((leaf) => this.#leaves.rows(leaf).length > 0);
    if (plan.clock === 'none' || (plan.clock === 'rows' && leaves.length > 0 && !hasRows())) return undefined;
    return plan.nextFlip(this.#contextOf(definition, at));
  }

  /** When the next of the profile's rows, or of its events where they are read, leaves the retention. */
  #nextRetention(): number | undefined {
    const { retentionMs } = this.#request;
    const alive = this.#at - retentionMs;
    const event = this.#rules.replayed.length > 0 ? this.#events.find(({ timestamp }) => timestamp > alive) : undefined;
    const first = Math.min(event?.timestamp ?? Number.POSITIVE_INFINITY, this.#leaves.firstAfter(alive));
    return Number.isFinite(first) ? first + retentionMs : undefined;
  }

  /** When the oldest event that a definition reads leaves the retention. */
  #nextExpiry({ leaves, plan }: CompiledDefinition): number | undefined {
    const lists =
      plan.evaluationClass === 'replay' ? [this.#events] : leaves.map((ordinal) => this.#leaves.rows(ordinal));
    let next: number | undefined;
    for (const rows of lists) {
      const expiring = rows.find(({ timestamp }) => timestamp + this.#request.retentionMs > this.#at);
      if (expiring) next = earliest(next, expiring.timestamp + this.#request.retentionMs);
    }
    return next;
  }

  finish(): Evaluation {
    return {
      ...this.#leaves.encode(this.#now, this.#request.retentionMs),
      memberships: this.#memberships,
      evaluatedAt: this.#now,
      changes: this.#changes,
      dueAt: this.#dueAt,
      relevant: this.#relevant,
    };
  }
}

type ReadOff = (definition: CompiledDefinition) => boolean | undefined;

/** So many definitions at once are answered by their terms' bits; fewer are evaluated one by one. */
const READ_OFF_FROM = 24;

/** Boundaries that are tried for a real change before one is taken as it is. */
const BOUNDARIES_LOOKED_AT = 32;

const byPosition = (left: CompiledDefinition, right: CompiledDefinition) => left.position - right.position;
const everybody = (_definition: CompiledDefinition) => true;
