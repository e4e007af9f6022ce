/**
 * What becomes of a profile whose person is erased: a tombstone that holds nothing but when that was, and which segments
 * were left thereby. Its memberships are first brought up to the instant, so that what time ended keeps its own time.
 */

import { sortEvents, unpackAll } from '#shared/profile/history.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import { EMPTY_STATE, encodeState } from '#shared/profile/profile-state.ts';
import type {
  ErasureOrder,
  Estate,
  HistoryStore,
  JointWrite,
  ProfileKey,
  StoredProfile,
} from '#shared/profile/profile-store.ts';
import { encodeChanges } from './change-codec.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { optOutsBetween } from './consent-shift.ts';
import { type LoadedProfile, loadProfile } from './loaded-profile.ts';
import { farewell, standingOf } from './regrouped-profile.ts';

export interface ErasureRequest {
  readonly key: ProfileKey;
  /** Undefined where nothing was written yet: what is under way for it comes too late. */
  readonly stored: StoredProfile | undefined;
  readonly order: ErasureOrder;
  /** Those that lead to it, whether it lists them or not. */
  readonly leading: readonly Identity[];
}

export interface ErasureSurroundings {
  readonly rules: CompiledRules;
  readonly now: number;
  readonly retentionMs: number;
  readonly history: Pick<HistoryStore, 'read'>;
}

export interface ErasurePlan {
  readonly joint: JointWrite;
  /** Memberships that were left. */
  readonly changes: number;
}

/** `outdated`: the state was written with newer rules than these. Throws where what is stored can't be read. */
export async function planErasure(
  { key, stored, order, leading }: ErasureRequest,
  { rules, now, retentionMs, history }: ErasureSurroundings,
): Promise<ErasurePlan | 'outdated'> {
  const loaded = loadWithDueTime(stored);
  const { state, attributes } = loaded;
  if (state.rulesVersion > rules.version) return 'outdated';
  const endsAt = Math.max(now, order.requestedAt, state.evaluatedAt);
  const events = await readHistoryEvents(history, key, attributes);
  const standing = await standingOf(loaded, events, { rules, now: endsAt, retentionMs });
  const exits = farewell(standing, endsAt, 'erasure');
  // An event may be ahead of the clock: by its time alone it must be told from those that come later.
  const newest = sortEvents([...events, ...unpackAll(state.tail)]).at(-1)?.timestamp ?? 0;
  const erasedAt = Math.max(endsAt, newest);
  const optOuts = optOutsBetween(attributes, attributes, endsAt);
  const identities = union(leading, attributes.identities);
  const tombstone = {
    key,
    expectedVersion: loaded.version,
    rulesVersion: rules.version,
    state: encodeState({ ...EMPTY_STATE, rulesVersion: rules.version, evaluatedAt: endsAt }),
    ...(exits.length > 0 && { changes: encodeChanges(exits, optOuts) }),
    erasedAt,
  };
  const estate = estateOf(key, loaded, { identities, erasedAt });
  const erasures = [{ key, identities, erasedAt, order: { ...order, estate } }];
  return { joint: { writes: [tombstone], erasures }, changes: exits.length };
}

/** Who is parked is never due: whatever time has brought since is looked at from the last evaluation on. */
function loadWithDueTime(stored: StoredProfile | undefined): LoadedProfile {
  const loaded = loadProfile(stored);
  const { evaluatedAt } = loaded.state;
  return stored?.parked && evaluatedAt > 0 ? { ...loaded, dueAt: evaluatedAt } : loaded;
}

function union(...lists: readonly (readonly Identity[])[]): readonly Identity[] {
  return [...new Map(lists.flat().map((identity) => [identityKey(identity), identity])).values()];
}

/** Longer texts are kept nowhere by themselves, and an item holds so many. */
const VALUE_LENGTH_MAX = 64;
const VALUES_MAX = 1_000;

function estateOf(
  { profileId }: ProfileKey,
  loaded: LoadedProfile,
  of: Pick<Estate, 'identities' | 'erasedAt'>,
): Estate {
  const { partitions = [], sharesPartitions = false, fragments } = loaded.attributes;
  const values = fragments.flatMap(({ values: found }) => found.flatMap(({ value }) => textsIn(value)));
  const recent = unpackAll(loaded.state.tail).flatMap((event) => textsIn(event));
  return {
    ...of,
    partitions: [profileId, ...partitions],
    sharesPartitions,
    values: [...new Set([...values, ...recent])].filter((text) => text.length <= VALUE_LENGTH_MAX).slice(0, VALUES_MAX),
  };
}

export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
