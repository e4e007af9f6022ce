/**
 * A profile's memberships computed from its events alone, beside those that are stored: what streaming keeps up to date one
 * event at a time must be what evaluating everything at once says.
 */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { hash32 } from '#shared/profile/hash.ts';
import { EMPTY_STATE, type MembershipStatus } from '#shared/profile/profile-state.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { updateProfile } from '#shared/segment/profile-update.ts';

export interface AuditDifference {
  readonly segmentId: string;
  readonly expression: string;
  readonly stored: MembershipStatus | 'never';
  readonly recomputed: MembershipStatus | 'never';
}

const NO_TYPE = '';

/**
 * `events` are all that are stored of it, tail included. Undefined where the profile can't be judged: it has not followed
 * the rules yet, or its time has come and nobody has looked since.
 */
export async function auditProfile(
  stored: StoredProfile,
  events: readonly StoredEvent[],
  { rules, retentionMs }: { readonly rules: CompiledRules; readonly retentionMs: number },
): Promise<readonly AuditDifference[] | undefined> {
  const loaded = loadProfile(stored, true);
  const { state, attributes, batch = undefined } = loaded;
  if (state.rulesVersion !== rules.version || loaded.isBatchNew || state.evaluatedAt === 0) return undefined;
  const eventTypes = new Set(events.map(({ eventType = NO_TYPE }) => hash32(eventType)));
  const blank = { ...EMPTY_STATE, eventTypes };
  const recomputed = await updateProfile(
    { version: loaded.version, state: blank, dueAt: undefined, attributes, ...(batch && { batch }), isBatchNew: true },
    [],
    { rules, now: state.evaluatedAt, retentionMs, committed: async () => events },
  );
  const memberships = recomputed.next?.state.memberships ?? blank.memberships;
  const isMember = (status: MembershipStatus | undefined) => status === 'realized';
  return rules.definitions.flatMap(({ id, ordinal, expression, kind }) => {
    const [before, after] = [state.memberships.get(ordinal)?.status, memberships.get(ordinal)?.status];
    // What a job decided once stays until the next one decides: there is nothing to compute it from.
    if (kind === 'scheduled' || isMember(before) === isMember(after)) return [];
    return [{ segmentId: id, expression, stored: before ?? 'never', recomputed: after ?? 'never' }];
  });
}
