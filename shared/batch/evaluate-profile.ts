/** One profile as a job sees it: whole, at the job's instant, by the evaluator that streaming uses. */
import { type BatchResults, NO_BATCH_RESULTS, type ScheduledResult } from '#shared/profile/batch-results.ts';
import type { Membership } from '#shared/profile/profile-state.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';
import { decidedByBatch } from '#shared/segment/batch-decision.ts';
import type { ReadHistory } from '#shared/segment/committed-events.ts';
import type { CompiledDefinition, CompiledRules } from '#shared/segment/compiled-rules.ts';
import type { Timed } from '#shared/segment/evaluation.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { updateProfile } from '#shared/segment/profile-update.ts';
import type { ScheduledRules } from './scheduled-rules.ts';

export interface JobView {
  readonly rules: CompiledRules;
  /** Those that streaming keeps up to date. */
  readonly definitions: readonly CompiledDefinition[];
  /** Those that the job decides. */
  readonly scheduled: ScheduledRules | undefined;
  readonly asOf: number;
  readonly retentionMs: number;
  /** Another job decides at the same time: what was found is said though it is known. */
  readonly saysAll: boolean;
  readonly timed?: Timed | undefined;
}

export interface EvaluatedProfile {
  readonly loaded: LoadedProfile;
  readonly memberships: ReadonlyMap<number, Membership>;
  /** Its state is of older rules: it follows them with its next record. */
  readonly isBehind: boolean;
  /** Definitions of which something else is stored than evaluation says, though nothing has happened since. */
  readonly drifted: readonly number[];
  /** To be left beside the profile, where the job decides something that is not there yet. */
  readonly decided: BatchResults | undefined;
  /** What the job decides is not what the profile's memberships say. */
  readonly isDecidedAnew: boolean;
}

export async function evaluateProfile(
  stored: StoredProfile,
  view: JobView,
  committed: ReadHistory,
): Promise<EvaluatedProfile> {
  const { rules, definitions: again, scheduled } = view;
  const loaded = loadProfile(stored, true);
  const isBehind = loaded.state.rulesVersion < rules.version;
  const current = await evaluateWith(loaded, { rules, definitions: again }, view, committed);
  // Who has new batch results is about to be looked at: what they change is no drift.
  const drifted = loaded.isBatchNew ? [] : current.differing;
  const kept = { loaded, isBehind, drifted };
  if (scheduled === undefined) {
    return { ...kept, memberships: current.memberships, decided: undefined, isDecidedAnew: false };
  }
  const { memberships: found } = await evaluateWith(loaded, scheduled, view, committed);
  const ordinals = scheduled.definitions.map(({ ordinal }) => ordinal);
  return {
    ...kept,
    memberships: new Map([...current.memberships, ...ordinals.flatMap((ordinal) => entryOf(ordinal, found))]),
    decided: resultsOf(loaded, view, found),
    isDecidedAnew: ordinals.some((ordinal) => isMember(found, ordinal) !== isMember(loaded.state.memberships, ordinal)),
  };
}

const isMember = (memberships: ReadonlyMap<number, Membership>, ordinal: number) =>
  memberships.get(ordinal)?.status === 'realized';

function entryOf(ordinal: number, memberships: ReadonlyMap<number, Membership>) {
  const membership = memberships.get(ordinal);
  return membership === undefined ? [] : [[ordinal, membership] as const];
}

/** At the job's instant, and which of the definitions differ from what is stored for no other reason. */
async function evaluateWith(
  loaded: LoadedProfile,
  { rules, definitions: again }: Pick<JobView, 'rules' | 'definitions'>,
  { asOf: now, retentionMs, timed }: JobView,
  committed: ReadHistory,
) {
  const { next } = await updateProfile(loaded, [], { rules, now, retentionMs, committed, again, timed });
  const memberships = next?.state.memberships ?? loaded.state.memberships;
  const byBatch = (next?.changes ?? []).filter(({ cause }) => cause === 'batch');
  if (byBatch.length === 0) return { memberships, differing: [] };
  const checked = new Set(again.map(({ ordinal }) => ordinal));
  const changed = byBatch.map(({ segmentOrdinal }) => segmentOrdinal).filter((ordinal) => checked.has(ordinal));
  return {
    memberships,
    differing: changed.filter(
      (ordinal) => isMember(memberships, ordinal) !== isMember(loaded.state.memberships, ordinal),
    ),
  };
}

function resultsOf(
  { batch, state }: LoadedProfile,
  { rules, scheduled, asOf, saysAll }: JobView,
  memberships: ReadonlyMap<number, Membership>,
): BatchResults | undefined {
  const results = new Map<number, ScheduledResult>();
  for (const { ordinal } of scheduled?.definitions ?? []) {
    const definition = rules.byOrdinal.get(ordinal) as CompiledDefinition;
    const qualifies = isMember(memberships, ordinal);
    const known = decidedByBatch(definition, batch, asOf) ?? isMember(state.memberships, ordinal);
    if (saysAll || known !== qualifies) results.set(ordinal, { qualifies, at: asOf, rulesVersion: rules.version });
  }
  return results.size === 0 ? undefined : { ...NO_BATCH_RESULTS, segments: results };
}
