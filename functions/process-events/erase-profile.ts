/**
 * The end of a profile: a tombstone in its place, in one transaction with the identities of whom it was and with the note of
 * what else there is to be cleared away. What is or arrived earlier is dropped from then on; what comes later is of somebody
 * new, whom its identities lead to.
 *
 *     order beside the profile ──wake-up──▶ tombstone, exits, identities blocked, estate ──▶ shared/erasure clears the rest
 */
import { followAliases } from '#shared/profile/follow-aliases.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { decodeState } from '#shared/profile/profile-state.ts';
import {
  type ErasureOrder,
  type IdentityRow,
  type ProfileKey,
  profileKeyText,
  type SeenIdentity,
  type StoredProfile,
} from '#shared/profile/profile-store.ts';
import { planErasure } from '#shared/segment/erase-profile.ts';
import type { Plan, Situation } from './plan.ts';
import type { Ports } from './ports.ts';
import { orStoreFailure } from './store-failure.ts';
import { type PlacedItem, type Progress, sinceOf } from './work.ts';

/**
 * Undefined where the profile has nobody of whom the order names, or only who began anew since they were erased: an operator
 * has taken them apart, and whoever asked looks for them where they are. Throws a `StoreFailure`, or why this profile can't be erased as it is stored.
 */
export async function eraseProfile(
  order: ErasureOrder,
  key: ProfileKey,
  { stored, rules, ports, settings }: Situation,
): Promise<Plan | undefined> {
  const history = { read: (of: ProfileKey, at?: number) => orStoreFailure(ports.history.read(of, at)) };
  const surroundings = { rules, history, now: ports.now(), retentionMs: settings.retentionMs };
  const leading = await orStoreFailure(leadingOf(key, order.identities, ports));
  if (!leading.some(({ row }) => (row?.erasedAt ?? Number.NEGATIVE_INFINITY) < order.requestedAt)) return undefined;
  const request = { key, stored, order, leading: leading.map(({ identity }) => identity) };
  const plan = await planErasure(request, surroundings);
  if (plan === 'outdated') return { kind: 'outdated' };
  const outcome = await orStoreFailure(ports.joint.commit(plan.joint));
  if (outcome === 'refused') throw new Error('the store refuses the tombstone of the profile');
  return outcome === 'written' ? { kind: 'erased', changes: plan.changes } : { kind: 'outdated' };
}

interface Tombstone {
  readonly stored: StoredProfile;
  readonly erasedAt: number;
  readonly ports: Ports;
}

export async function tendTombstone(progress: Progress, { stored, erasedAt, ports }: Tombstone): Promise<Plan> {
  const { key, remaining } = progress;
  const wakeUps = remaining.filter(({ item }) => item.kind === 'wake-up');
  if (wakeUps.some(({ item }) => item.kind === 'wake-up' && item.cause === 'resync')) {
    const outcome = await ports.joint.commit({ writes: [sayFarewellAgain(key, stored, erasedAt)] });
    if (outcome !== 'written') return { kind: 'outdated' };
  }
  // What a job found meanwhile of whom it still read is no longer anybody's.
  if (stored.batch) await ports.joint.commit({ writes: [], batches: [{ key, expectedVersion: stored.batch.version }] });
  const items = remaining.filter(({ item }) => item.kind !== 'wake-up');
  const lost = await lostBy({ key, erasedAt, ports }, items);
  const others = items.filter((item) => !lost.includes(item));
  for (const item of others) await leadElsewhere(item, { key, erasedAt, ports });
  return { kind: 'tombstone', lost, others, taken: wakeUps };
}

const sayFarewellAgain = (key: ProfileKey, { version, state, farewell }: StoredProfile, erasedAt: number) => ({
  key,
  expectedVersion: version,
  rulesVersion: decodeState(state).rulesVersion,
  state,
  erasedAt,
  ...(farewell !== undefined && { changes: farewell }),
});

interface Grave {
  readonly key: ProfileKey;
  readonly erasedAt: number;
  readonly ports: Ports;
}

/** What is no later than the erasure, and not of somebody who was taken apart from its person before it. */
async function lostBy({ key, erasedAt, ports }: Grave, items: readonly PlacedItem[]): Promise<readonly PlacedItem[]> {
  const earlier = items.filter((item) => sinceOf(item) <= erasedAt);
  const named = new Map(earlier.flatMap(({ identities }) => identities.map((each) => [identityKey(each), each])));
  const leading = await leadingOf(key, [...named.values()], ports);
  const keys = new Set(leading.map(({ identity }) => identityKey(identity)));
  return earlier.filter(({ identities }) => identities.some((each) => keys.has(identityKey(each))));
}

/** Those identities of an item that lead to a tombstone lead to somebody new from now on; who is faster, decides. */
async function leadElsewhere({ identities }: PlacedItem, { key, erasedAt, ports }: Grave): Promise<void> {
  const leading = await leadingOf(key, identities, ports);
  if (leading.length > 0) await ports.identities.take(key.sandboxName, leading, ports.newProfileId(), erasedAt);
}

/** Which of the identities lead to the profile, directly or by aliases. */
async function leadingOf(
  key: ProfileKey,
  identities: readonly Identity[],
  { identities: store, profiles }: Ports,
): Promise<readonly SeenIdentity[]> {
  const rows = await store.rows(key.sandboxName, identities);
  const seen = identities.map((identity) => ({ identity, row: rows.get(identityKey(identity)) }));
  const idsOf = (row: IdentityRow | undefined) => (row?.profileId === undefined ? [] : [row.profileId]);
  const keyed = (profileId: string) => ({ ...key, profileId });
  const followed = await followAliases(
    seen.flatMap(({ row }) => idsOf(row).map(keyed)),
    profiles,
  );
  const rootOf = (profileId: string) => followed.get(profileKeyText(keyed(profileId)))?.key.profileId;
  return seen.filter(({ row }) => idsOf(row).some((profileId) => rootOf(profileId) === key.profileId));
}
