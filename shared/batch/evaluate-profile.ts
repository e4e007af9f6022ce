/** One profile as a job sees it: whole, at the job's instant, by the evaluator that streaming uses. */
import type { Membership } from '#shared/profile/profile-state.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';
import type { ReadHistory } from '#shared/segment/committed-events.ts';
import type { CompiledDefinition, CompiledRules } from '#shared/segment/compiled-rules.ts';
import type { Timed } from '#shared/segment/evaluation.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { updateProfile } from '#shared/segment/profile-update.ts';

export interface JobView {
  readonly rules: CompiledRules;
  readonly definitions: readonly CompiledDefinition[];
  readonly asOf: number;
  readonly retentionMs: number;
  readonly timed?: Timed | undefined;
}

export interface EvaluatedProfile {
  readonly loaded: LoadedProfile;
  readonly memberships: ReadonlyMap<number, Membership>;
  /** Its state is of older rules: it follows them with its next record. */
  readonly isBehind: boolean;
  /** Definitions of which something else is stored than evaluation says, though nothing has happened since. */
  readonly drifted: readonly number[];
}

export async function evaluateProfile(
  stored: StoredProfile,
  view: JobView,
  committed: ReadHistory,
): Promise<EvaluatedProfile> {
  const { rules, definitions: again, asOf: now, retentionMs, timed } = view;
  const loaded = loadProfile(stored);
  const { next } = await updateProfile(loaded, [], { rules, now, retentionMs, committed, again, timed });
  const changes = next?.changes ?? [];
  return {
    loaded,
    memberships: next?.state.memberships ?? loaded.state.memberships,
    isBehind: loaded.state.rulesVersion < rules.version,
    drifted: changes.flatMap(({ cause, segmentOrdinal }) => (cause === 'batch' ? [segmentOrdinal] : [])),
  };
}
