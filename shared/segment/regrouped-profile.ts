/**
 * Profiles whose events became others at a stroke: two that are one person, or one that is two. Each is first brought up
 * to the instant as it was, so that what time did before keeps its own time; then it is evaluated over the events that are
 * its own from now on, and what differs has the cause `merge`.
 */
import type { BatchResults } from '#shared/profile/batch-results.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { chunkOf, type HistoryChunk } from '#shared/profile/history.ts';
import { NO_ATTRIBUTES, type ProfileAttributes } from '#shared/profile/profile-attributes.ts';
import type { Membership, TailEvent } from '#shared/profile/profile-state.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import { rebuiltState } from '#shared/profile/rebuilt-state.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { optOutsBetween, withConsentShift } from './consent-shift.ts';
import { type ChangeCause, type Evaluation, evaluate, type MembershipChange } from './evaluation.ts';
import type { LoadedProfile } from './loaded-profile.ts';
import { advanceState, type NextProfile, updateProfile } from './profile-update.ts';

export interface RegroupSurroundings {
  readonly rules: CompiledRules;
  /** No earlier than any of the profiles was evaluated. */
  readonly now: number;
  readonly retentionMs: number;
}

/** As it stood at the instant, before its events became others. */
export interface Standing {
  readonly memberships: ReadonlyMap<number, Membership>;
  readonly changes: readonly MembershipChange[];
}

/** `history`: everything of it but the tail. A profile without a version was never evaluated, and nobody was told of it. */
export async function standingOf(
  loaded: LoadedProfile,
  history: readonly StoredEvent[],
  surroundings: RegroupSurroundings,
): Promise<Standing> {
  if (loaded.version === 0) return { memberships: new Map(), changes: [] };
  const { next } = await updateProfile(loaded, [], { ...surroundings, committed: async () => history });
  return { memberships: (next?.state ?? loaded.state).memberships, changes: next?.changes ?? [] };
}

export interface Regrouped {
  readonly before: LoadedProfile;
  readonly standing: Standing;
  /** All of them, from now on, each once, by time. */
  readonly events: readonly StoredEvent[];
  /** Those of the events that no history chunk holds. */
  readonly tail: readonly TailEvent[];
  readonly attributes: ProfileAttributes;
  readonly batch: BatchResults;
}

export function regroup(
  { before, standing, events, tail, attributes, batch }: Regrouped,
  { rules, now, retentionMs }: RegroupSurroundings,
): NextProfile {
  const state = { ...rebuiltState({ history: events, tail: [], memberships: standing.memberships, now }), tail };
  const evaluation = evaluate({
    state,
    rules,
    attributes: profileView(attributes, batch),
    batch,
    events: [],
    history: events.filter(({ timestamp }) => timestamp > now - retentionMs),
    now,
    dueAt: undefined,
    retentionMs,
  });
  const loaded = { version: before.version, state, attributes: NO_ATTRIBUTES };
  const optOuts = optOutsBetween(before.attributes, attributes, now);
  const told = withConsentShift(withCause(evaluation, standing), optOuts);
  return advanceState(loaded, [], told, { rules, attributes, optOuts });
}

function withCause(evaluation: Evaluation, { changes }: Standing): Evaluation {
  const regrouped = evaluation.changes.map((change): MembershipChange => ({ ...change, cause: 'merge' }));
  return { ...evaluation, changes: [...changes, ...regrouped] };
}

/** Of a profile that is no longer one: it leaves whatever it was in. */
export function farewell(
  { memberships, changes }: Standing,
  now: number,
  cause: ChangeCause = 'merge',
): readonly MembershipChange[] {
  const members = [...memberships].filter(([, { status }]) => status === 'realized');
  const exits = members.map(
    ([segmentOrdinal]): MembershipChange => ({ segmentOrdinal, status: 'exited', time: now, cause }),
  );
  return [...changes, ...exits];
}

export interface SpilledTail {
  readonly key: ProfileKey;
  readonly chunk: HistoryChunk;
}

/** What was committed goes to history under the id that it was committed under, whatever becomes of the profile then. */
export const spillTail = (key: ProfileKey, { state, version }: LoadedProfile): readonly SpilledTail[] =>
  state.tail.length === 0 ? [] : [{ key, chunk: chunkOf(state.tail, version) }];
