/** Which of some people are members now, since when, and until when if nothing happens. */
import { eachOf } from '#shared/kernel/concurrency.ts';
import type { Identity } from '#shared/profile/identity.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import { isSomebody, type ProfileKey, profileKeyText, type StoredProfile } from '#shared/profile/profile-store.ts';
import { type CompiledRules, readsBatch } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { nextExit } from '#shared/segment/next-exit.ts';
import { updateProfile } from '#shared/segment/profile-update.ts';
import type { MemberPorts } from './ports.ts';

export interface FoundMember {
  readonly profileId: string;
  readonly since: number;
  readonly leavesAt: number | undefined;
  readonly identities: readonly Identity[];
}

const PROFILES_AT_ONCE = 16;
const EXIT_MS_MAX = 400 * 86_400_000;

type Ports = Pick<MemberPorts, 'profiles' | 'history' | 'rules' | 'retentionMs' | 'now'>;

export async function findMembers(
  { sandbox: sandboxName, segmentId }: { readonly sandbox: string; readonly segmentId: string },
  profileIds: readonly string[],
  ports: Ports,
): Promise<readonly FoundMember[]> {
  if (profileIds.length === 0) return [];
  const keys = profileIds.map((profileId) => ({ sandboxName, profileId }));
  // State before rules: whoever wrote the state had read rules that are no newer than those read now.
  const reading = await ports.rules.current(sandboxName);
  const stored = await ports.profiles.read(keys, { withBatch: () => readsBatch(reading) });
  const rules = await ports.rules.current(sandboxName);
  const ordinal = rules.ordinals.get(segmentId);
  if (ordinal === undefined) return [];
  const found = new Map<string, FoundMember>();
  await eachOf(keys, PROFILES_AT_ONCE, async (key) => {
    const each = stored.get(profileKeyText(key));
    const member = each && (await memberOf(key, each, { rules, ordinal, withBatch: readsBatch(reading) }, ports));
    if (member) found.set(key.profileId, member);
  });
  return profileIds.flatMap((profileId) => found.get(profileId) ?? []);
}

interface Asked {
  readonly rules: CompiledRules;
  readonly ordinal: number;
  readonly withBatch: boolean;
}

/** One that was merged into another is that one: who came by a merge has an entry of their own. */
async function memberOf(
  key: ProfileKey,
  stored: StoredProfile,
  { rules, ordinal, withBatch }: Asked,
  { history, retentionMs, now }: Ports,
): Promise<FoundMember | undefined> {
  if (!isSomebody(stored)) return undefined;
  const loaded = loadProfile(stored, withBatch);
  const { identities } = loaded.attributes;
  const committed = (containing?: number) => readHistoryEvents(history, key, loaded.attributes, containing);
  const surroundings = { rules, retentionMs, committed };
  // What a parked profile is waits for an operator: it is shown as it was left.
  const current = stored.parked ? loaded : await broughtUp(loaded, { ...surroundings, now: now() });
  const membership = current.state.memberships.get(ordinal);
  if (membership?.status !== 'realized') return undefined;
  const leavesAt = stored.parked
    ? undefined
    : await nextExit(current, ordinal, { ...surroundings, until: now() + EXIT_MS_MAX });
  return { profileId: key.profileId, since: membership.lastQualificationTime, leavesAt, identities };
}

async function broughtUp(
  loaded: LoadedProfile,
  surroundings: Parameters<typeof updateProfile>[2],
): Promise<LoadedProfile> {
  const { next } = await updateProfile(loaded, [], surroundings);
  return next === undefined ? loaded : { ...loaded, state: next.state, dueAt: next.dueAt, isBatchNew: false };
}
