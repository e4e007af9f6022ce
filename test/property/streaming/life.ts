/** One profile living through events, records, rules and time, beside an oracle that knows all it was told. */
import {
  type CheckOptions,
  check,
  type EvaluationInput,
  interpret,
  normalizeEvents,
  parse,
} from '#shared/pql/index.ts';
import type { ReceivedEvent, StoredEvent } from '#shared/profile/experience-event.ts';
import { decodeChunk, encodeChunk, type HistoryChunk, unpackAll } from '#shared/profile/history.ts';
import { DEFAULT_MERGE, type MergedAttributes, mergeFragments } from '#shared/profile/merge-policy.ts';
import { encodeAttributes } from '#shared/profile/profile-attributes.ts';
import type { ReceivedProfileRecord } from '#shared/profile/profile-record.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { schemaWith } from '#shared/segment/computed-table.ts';
import type { MembershipChange } from '#shared/segment/evaluation.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { type ProfileItem, type ProfileUpdate, updateProfile } from '#shared/segment/profile-update.ts';
import {
  buildRules,
  NO_RULES,
  type RulesArtifact,
  type RulesChange,
  type RulesDefinition,
} from '#shared/segment/rules.ts';

export interface LifeOptions {
  readonly start: number;
  readonly retentionMs: number;
}

export class Life {
  readonly retentionMs: number;
  now: number;
  loaded: LoadedProfile = loadProfile(undefined);
  artifact: RulesArtifact = NO_RULES;
  rules = compileRules(NO_RULES);
  /** What was accepted, as the oracle sees it. */
  known: readonly StoredEvent[] = [];
  readonly #chunks: HistoryChunk[] = [];
  #attributes: MergedAttributes = {};

  constructor({ start, retentionMs }: LifeOptions) {
    this.now = start;
    this.retentionMs = retentionMs;
  }

  publish(change: RulesChange): void {
    this.artifact = buildRules(this.artifact, change);
    this.rules = compileRules(this.artifact);
  }

  async receive(items: readonly ProfileItem[]): Promise<ProfileUpdate> {
    const { rules, now, retentionMs } = this;
    const committed = async (containing?: number) => this.#eventsOfChunks(containing);
    const update = await updateProfile(this.loaded, items, { rules, now, retentionMs, committed });
    this.#keep(update);
    this.#tellOracle(items);
    return update;
  }

  #eventsOfChunks(containing: number | undefined): readonly StoredEvent[] {
    const mayHold = ({ oldest, newest }: HistoryChunk) =>
      containing === undefined || (oldest <= containing && containing <= newest);
    return this.#chunks.filter(mayHold).flatMap(({ events }) => unpackAll(events));
  }

  #keep({ next }: ProfileUpdate): void {
    if (next === undefined) return;
    const { spilled } = next;
    if (spilled) this.#chunks.push({ ...spilled, events: decodeChunk(encodeChunk(spilled.events)) });
    this.loaded = loadProfile({
      version: this.loaded.version + 1,
      state: next.encoded,
      dueAt: next.dueAt,
      attributes: encodeAttributes(next.attributes),
    });
  }

  #tellOracle(items: readonly ProfileItem[]): void {
    const events = items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
    const accepted = events.filter(({ timestamp }) => timestamp > this.now - this.retentionMs);
    this.known = normalizeEvents([...this.known, ...accepted]) as readonly StoredEvent[];
    this.#attributes = mergeFragments(this.loaded.attributes.fragments, DEFAULT_MERGE);
  }

  /** Whether the profile belongs to the segment at the instant, in truth. */
  belongs({ expression, timeZone }: RulesDefinition, now: number): boolean {
    const inSegment = (reference: string) => {
      const named = this.artifact.definitions.find(({ id, name }) => id === reference || name === reference);
      return named !== undefined && this.belongs(named, now);
    };
    const options = { mode: 'segment', timeZone } as const;
    return this.#interpret(expression, { now, inSegment, profile: this.#profileAt(now, timeZone) }, options) === true;
  }

  /** With computed attributes as plain values, each interpreted for itself. */
  #profileAt(now: number, timeZone: string | undefined): MergedAttributes {
    const computed: Record<string, unknown> = {};
    const profile = { ...this.#attributes, computed };
    const texts = new Map(this.artifact.computed?.map(({ name, expression }) => [name, expression]));
    for (const name of this.rules.computed.expressions.keys()) {
      const expression = texts.get(name) as string;
      computed[name] = this.#interpret(expression, { now, profile }, { mode: 'value', timeZone });
    }
    return profile;
  }

  #interpret(expression: string, input: Omit<EvaluationInput, 'events'>, options: CheckOptions) {
    const parsed = parse(expression);
    if (!parsed.ok) throw new Error(expression);
    const { expression: checked } = check(parsed.value, schemaWith(defaultSchema, this.rules.computed), options);
    const events = this.known.filter(({ timestamp }) => timestamp > input.now - this.retentionMs);
    return interpret(checked, { ...input, events }, options);
  }

  /** Ordinals of the segments that it belongs to in truth. */
  truthAt(instant: number): readonly number[] {
    return this.artifact.definitions.filter((each) => this.belongs(each, instant)).map(({ ordinal }) => ordinal);
  }

  members(): readonly number[] {
    const isMember = (ordinal: number) => this.loaded.state.memberships.get(ordinal)?.status === 'realized';
    return this.artifact.definitions.map(({ ordinal }) => ordinal).filter(isMember);
  }
}

/** The segments that a profile is in at an instant, from those it was in before and what changed since. */
export function membersAt(before: readonly number[], changes: readonly MembershipChange[], at: number): number[] {
  const members = new Set(before);
  for (const { segmentOrdinal, status, time } of changes) {
    if (time > at) continue;
    if (status === 'realized') members.add(segmentOrdinal);
    else members.delete(segmentOrdinal);
  }
  return [...members].sort((left, right) => left - right);
}

const IDENTITIES = [{ namespace: 'CRMID', id: 'c1', primary: true }];

export const eventItem = (event: StoredEvent): ReceivedEvent => ({
  kind: 'event',
  source: event,
  sandboxName: 'prod',
  identities: IDENTITIES,
  event,
  declared: event.timestamp,
});

export const recordItem = (
  attributes: Readonly<Record<string, unknown>>,
  timestamp: number,
): ReceivedProfileRecord => ({
  kind: 'profile',
  source: attributes,
  sandboxName: 'prod',
  identities: IDENTITIES,
  datasetId: 'crm',
  timestamp,
  attributes,
});

export const wakeUp: ProfileItem = { kind: 'wake-up', cause: 'timer', sandboxName: 'prod', profileId: 'profile-1' };
