/**
 * A stored profile at an instant, as a read of it would show it: attributes by merge policy, the events that still exist,
 * and the memberships that the published rules give it then.
 */
import type { EvaluationInput } from '#shared/pql/index.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { sortEvents, unpackAll } from '#shared/profile/history.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type EvaluationRequest, evaluate } from '#shared/segment/evaluation.ts';
import type { LoadedProfile } from '#shared/segment/loaded-profile.ts';
import { needsHistory } from '#shared/segment/needs-history.ts';
import type { Question } from './question.ts';

export interface Person {
  readonly profileId: string;
  readonly namespaces: readonly string[];
  /** Ordinals of the published definitions that they belong to. */
  readonly memberOf: readonly number[];
  /** By the question's merge policy. */
  readonly inputFor: (question: Question) => EvaluationInput;
}

export interface Instant {
  readonly rules: CompiledRules;
  readonly at: number;
  readonly retentionMs: number;
}

/** A profile's own time never goes back, so neither does what is asked of it. */
const instantOf = ({ state }: LoadedProfile, { at }: Instant) => Math.max(at, state.evaluatedAt);

const requestFor = (loaded: LoadedProfile, instant: Instant): EvaluationRequest => ({
  state: loaded.state,
  rules: instant.rules,
  attributes: profileView(loaded.attributes, loaded.batch),
  batch: loaded.batch,
  isBatchNew: loaded.isBatchNew,
  events: [],
  now: instantOf(loaded, instant),
  dueAt: loaded.dueAt,
  retentionMs: instant.retentionMs,
});

/** Whether the events outside of the hot state must be read before the questions can be answered. */
export function needsChunks(loaded: LoadedProfile, questions: readonly Question[], instant: Instant): boolean {
  if (!mayHaveChunks(loaded)) return false;
  return (
    questions.some(({ readsEventsOf }) => readsEventsOf(loaded.state)) || needsHistory(requestFor(loaded, instant))
  );
}

/** None are there as long as nobody was merged, nothing was forgotten, and the tail holds as many as are remembered. */
function mayHaveChunks({
  state: { seenFloor, recent, clamped, tail },
  attributes: { partitions = [] },
}: LoadedProfile) {
  return partitions.length > 0 || seenFloor >= 0 || tail.length < recent.length + clamped.length;
}

/** `chunks` are the events of history, wherever `needsChunks` asks for them. */
export function personAt(
  profileId: string,
  loaded: LoadedProfile,
  chunks: readonly StoredEvent[],
  instant: Instant,
): Person {
  const request = requestFor(loaded, instant);
  const { now } = request;
  const stored = sortEvents([...chunks, ...unpackAll(loaded.state.tail)]);
  const events = stored.filter(({ timestamp }) => timestamp > now - instant.retentionMs);
  const { memberships } = evaluate({ ...request, history: stored });
  const isMember = (ordinal: number | undefined) =>
    ordinal !== undefined && memberships.get(ordinal)?.status === 'realized';
  const { ordinals, mergeBy } = instant.rules;
  const inSegment = (reference: string) => isMember(ordinals.get(reference));
  return {
    profileId,
    namespaces: [...new Set(loaded.attributes.identities.map(({ namespace }) => namespace))],
    memberOf: [...memberships.keys()].filter(isMember),
    inputFor: ({ mergePolicyId, readsAttributes }) => ({
      profile: request.attributes.by(readsAttributes ? mergeBy(mergePolicyId) : undefined),
      events,
      now,
      inSegment,
    }),
  };
}
