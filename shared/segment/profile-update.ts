/**
 * What becomes of one profile when something reaches it: which of it is new, the state after it, and what to write.
 *
 * Pure but for `committed`, which reads the profile's history when the state alone can't answer.
 */
import { invariant } from '#shared/kernel/invariant.ts';
import { compareEvents } from '#shared/pql/events.ts';
import type { ReceivedEvent, StoredEvent } from '#shared/profile/experience-event.ts';
import { hash32 } from '#shared/profile/hash.ts';
import { chunkOf, type HistoryChunk, sortEvents } from '#shared/profile/history.ts';
import { packEvent } from '#shared/profile/packed-event.ts';
import { type ProfileAttributes, withIdentities, withRecord } from '#shared/profile/profile-attributes.ts';
import type { ReceivedProfileRecord } from '#shared/profile/profile-record.ts';
import { encodeHead, type ProfileState, type TailEvent, withTail } from '#shared/profile/profile-state.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import { remember } from '#shared/profile/recent-events.ts';
import type { WakeUp } from '#shared/profile/stream-record.ts';
import { encodeChanges } from './change-codec.ts';
import { CommittedEvents, type ReadHistory } from './committed-events.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { type OptOuts, optOutsBetween, withConsentShift } from './consent-shift.ts';
import { type Evaluation, type EvaluationRequest, evaluate, type MembershipChange } from './evaluation.ts';
import { NOT_KEPT } from './leaf-rows.ts';
import type { LoadedProfile } from './loaded-profile.ts';
import { needsHistory } from './needs-history.ts';
import { everyMembership } from './resync.ts';

export type ProfileItem = ReceivedEvent | ReceivedProfileRecord | WakeUp;

export interface UpdateSurroundings {
  /** What is known of the profile from now on, where that is not what is stored. */
  readonly attributes?: ProfileAttributes | undefined;
  readonly rules: CompiledRules;
  readonly now: number;
  readonly retentionMs: number;
  readonly committed: ReadHistory;
  /** Evaluated whatever has changed; every definition where a batch record asks for it. */
  readonly again?: EvaluationRequest['again'];
  readonly timed?: EvaluationRequest['timed'];
}

export type ItemOutcome = 'applied' | 'irrelevant' | 'expired' | 'duplicate';

export interface ProfileUpdate {
  /** One for each event and profile record, in order. */
  readonly outcomes: readonly ItemOutcome[];
  /** Undefined where nothing changed: then nothing is written. */
  readonly next: NextProfile | undefined;
}

/** A profile as it is to be written. */
export interface NextProfile {
  readonly state: ProfileState;
  readonly encoded: Uint8Array;
  readonly dueAt: number | undefined;
  readonly changes: readonly MembershipChange[];
  /** The same as bytes; undefined where there are none. */
  readonly encodedChanges: Uint8Array | undefined;
  readonly attributes: ProfileAttributes;
  readonly attributesChanged: boolean;
  /** Committed events to append to history before the state is written. */
  readonly spilled: HistoryChunk | undefined;
}

/** DynamoDB bills a write per started kilobyte; keys and attribute names take about this much of the first. */
export const ITEM_OVERHEAD_BYTES = 96;
const KILOBYTE = 1024;

export async function updateProfile(
  loaded: LoadedProfile,
  items: readonly ProfileItem[],
  surroundings: UpdateSurroundings,
): Promise<ProfileUpdate> {
  const { rules, now, retentionMs } = surroundings;
  const committed = new CommittedEvents(loaded.state, surroundings.committed);
  const sorted = await sortOut(loaded, items, committed, surroundings);
  const { attributes } = sorted;
  const request = {
    state: loaded.state,
    rules,
    attributes: profileView(loaded.attributes, loaded.batch),
    newAttributes: attributes === loaded.attributes ? undefined : profileView(attributes, loaded.batch),
    batch: loaded.batch,
    isBatchNew: loaded.isBatchNew,
    events: sorted.fresh.map(({ event }) => event),
    now,
    dueAt: loaded.dueAt,
    retentionMs,
    again: isChecked(items) ? rules.definitions : surroundings.again,
    timed: surroundings.timed,
  };
  const history = needsHistory(request) ? await allCommitted(loaded.state, committed, surroundings) : undefined;
  const evaluated = evaluate({ ...request, history });
  const optOuts = optOutsBetween(loaded.attributes, attributes, evaluated.evaluatedAt);
  const evaluation = isResync(items) ? everyMembership(evaluated) : withConsentShift(evaluated, optOuts);
  const outcomes = sorted.outcomes.map((outcome): ItemOutcome => {
    if (typeof outcome === 'string') return outcome;
    return evaluation.relevant.has(outcome) ? 'applied' : 'irrelevant';
  });
  const attributesChanged = attributes !== loaded.attributes;
  const changed = sorted.fresh.length > 0 || attributesChanged || hasMoved(loaded, evaluation, rules);
  return {
    outcomes,
    next: changed ? advanceState(loaded, sorted.fresh, evaluation, { rules, attributes, optOuts }) : undefined,
  };
}

const isResync = (items: readonly ProfileItem[]) =>
  items.some((item) => item.kind === 'wake-up' && item.cause === 'resync');

/** A job found a difference between what is stored and what it evaluated, or stored results of its own. */
const isChecked = (items: readonly ProfileItem[]) =>
  items.some((item) => item.kind === 'wake-up' && item.cause === 'batch');

function hasMoved({ state, dueAt }: LoadedProfile, evaluation: Evaluation, rules: CompiledRules): boolean {
  if (evaluation.changes.length > 0 || evaluation.dueAt !== dueAt) return true;
  return state.rulesVersion !== rules.version && state.evaluatedAt > 0;
}

interface SortedOut {
  /** In the order of events. */
  readonly fresh: readonly ReceivedEvent[];
  /** One for each event and profile record, in order: its fate, or the fresh event itself. */
  readonly outcomes: readonly (ItemOutcome | StoredEvent)[];
  readonly attributes: ProfileAttributes;
}

async function sortOut(
  loaded: LoadedProfile,
  items: readonly ProfileItem[],
  committed: CommittedEvents,
  surroundings: UpdateSurroundings,
): Promise<SortedOut> {
  const fresh = new Map<string, ReceivedEvent>();
  const outcomes: (ItemOutcome | StoredEvent)[] = [];
  let attributes = surroundings.attributes ?? loaded.attributes;
  for (const item of items) {
    if (item.kind === 'wake-up') continue;
    const before = withIdentities(attributes, item.identities);
    attributes = item.kind === 'profile' ? withRecord(before, item) : before;
    if (item.kind === 'profile') {
      outcomes.push(attributes === before ? 'irrelevant' : 'applied');
      continue;
    }
    const { event } = item;
    if (event.timestamp <= surroundings.now - surroundings.retentionMs) outcomes.push('expired');
    else if (fresh.has(event._id) || (await committed.has(item))) outcomes.push('duplicate');
    else {
      fresh.set(event._id, item);
      outcomes.push(event);
    }
  }
  const inOrder = [...fresh.values()].sort((left, right) => compareEvents(left.event, right.event));
  return { fresh: inOrder, outcomes, attributes };
}

async function allCommitted(state: ProfileState, committed: CommittedEvents, { now, retentionMs }: UpdateSurroundings) {
  const events = sortEvents(await committed.all());
  // As of the last evaluation: what has left the retention since then left at an instant that is still to be passed.
  const since = state.evaluatedAt === 0 ? now : Math.min(now, state.evaluatedAt);
  return events.filter(({ timestamp }) => timestamp > since - retentionMs);
}

interface Advance {
  readonly rules: CompiledRules;
  readonly attributes: ProfileAttributes;
  readonly optOuts: OptOuts;
}

export function advanceState(
  { state, version, attributes: before }: Omit<LoadedProfile, 'dueAt'>,
  fresh: readonly ReceivedEvent[],
  evaluation: Evaluation,
  { rules, attributes, optOuts }: Advance,
): NextProfile {
  const { rows, leaves, memberships, evaluatedAt, changes, dueAt } = evaluation;
  const added = fresh.map(({ event }): TailEvent => ({ timestamp: event.timestamp, packed: packEvent(event) }));
  const { head, kept } = shrinkToFit({
    ...remember(state, fresh),
    rulesVersion: rules.version,
    evaluatedAt,
    eventTypes: withTypes(state.eventTypes, fresh),
    rows,
    leaves,
    memberships,
  });
  const encodedChanges = changes.length > 0 ? encodeChanges(changes, optOuts) : undefined;
  const besides = head.length + (encodedChanges?.length ?? 0);
  const { tail, spilled } = placeTail(besides, state.tail, added, version);
  return {
    state: { ...kept, tail },
    encoded: withTail(head, tail),
    dueAt,
    changes,
    encodedChanges,
    attributes,
    attributesChanged: attributes !== before,
    spilled,
  };
}

/** What the item may take besides its tail: DynamoDB refuses more than 400 KB. */
export const STATE_BYTES_MAX = 200 * KILOBYTE;

type Head = Omit<ProfileState, 'tail'>;

/** Gives up the largest leaves until the rest fits: they are read from history then. */
function shrinkToFit(state: Head): { readonly head: Uint8Array; readonly kept: Head } {
  const head = encodeHead(state);
  if (head.length <= STATE_BYTES_MAX) return { head, kept: state };
  const [largest] = [...state.leaves].sort(([, left], [, right]) => right.length - left.length);
  invariant(largest && largest[1].length > 0, `a state of ${head.length} bytes holds no leaf to give up`);
  return shrinkToFit({ ...state, leaves: new Map([...state.leaves, [largest[0], NOT_KEPT]]) });
}

const NO_TYPE = '';

function withTypes(known: ReadonlySet<number>, events: readonly ReceivedEvent[]): ReadonlySet<number> {
  const hashes = events.map(({ event }) => hash32(event.eventType ?? NO_TYPE)).filter((hash) => !known.has(hash));
  return hashes.length === 0 ? known : new Set([...known, ...hashes]);
}

/** Each event's length and time come before it. */
const bytesOf = (tail: readonly TailEvent[]) => tail.reduce((bytes, { packed }) => bytes + packed.length + 8, 0);

/** Committed events stay beside the new ones while that starts no further kilobyte. */
function placeTail(
  otherBytes: number,
  committed: readonly TailEvent[],
  added: readonly TailEvent[],
  version: number,
): { readonly tail: readonly TailEvent[]; readonly spilled: HistoryChunk | undefined } {
  const least = otherBytes + ITEM_OVERHEAD_BYTES + bytesOf(added);
  const billed = Math.ceil(least / KILOBYTE) * KILOBYTE;
  if (committed.length === 0 || least + bytesOf(committed) <= billed) {
    return { tail: [...committed, ...added], spilled: undefined };
  }
  return { tail: added, spilled: chunkOf(committed, version) };
}
