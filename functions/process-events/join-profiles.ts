/**
 * One person of all whom an item shows to be one. Profiles are joined two at a time, each time in one transaction on
 * condition of both versions; whoever was overtaken reads again and follows the aliases that are there by then.
 */
import { type Followed, followAliases } from '#shared/profile/follow-aliases.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { byStanding } from '#shared/profile/identity-graph.ts';
import {
  type ProfileKey,
  profileKeyText,
  type RefusalReason,
  type WriteOutcome,
} from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { type KeyedProfile, planMerge } from '#shared/segment/merge-profiles.ts';
import type { Ports, Settings } from './ports.ts';
import { orStoreFailure, StoreFailure } from './store-failure.ts';

const ATTEMPTS_MAX = 12;

export interface Link {
  readonly sandboxName: string;
  /** Those of the item, the primary first, and what each leads to: a profile or an alias of it. */
  readonly identities: readonly LinkedIdentity[];
}

export interface LinkedIdentity {
  readonly identity: Identity;
  readonly profileId: string;
}

export interface Joined {
  /** From each id to the profile that it leads to now. */
  readonly roots: ReadonlyMap<string, string>;
  readonly merges: number;
  readonly refusals: number;
  /** One that they lead to was erased: what is to be done with the item is decided there. */
  readonly grave?: string;
  /** The item must wait for this profile: they could not be joined now. */
  readonly waitsFor?: { readonly profileId: string; readonly reason?: Error };
}

interface Context {
  readonly link: Link;
  readonly ports: Ports;
  readonly settings: Settings;
  /** Pairs that stay two, as `one two`. */
  readonly refused: Set<string>;
}

type Attempt =
  | { readonly kind: WriteOutcome | 'outdated' }
  | { readonly kind: 'kept-two'; readonly reason: RefusalReason }
  | { readonly kind: 'waits'; readonly profileId: string; readonly reason?: Error };

interface Pair {
  readonly winner: Followed;
  readonly loser: Followed;
}

interface RootedPair extends Pair {
  readonly roots: Joined['roots'];
}

/** Throws what a store threw. */
export async function joinProfiles(link: Link, ports: Ports, settings: Settings): Promise<Joined> {
  const context: Context = { link, ports, settings, refused: new Set() };
  let merges = 0;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; ) {
    // Rules before state: state that was written with newer ones shows it.
    const rules = await ports.rules.current(link.sandboxName);
    const profileIds = link.identities.map(({ profileId }) => profileId);
    const found = await followAliases(profileIds.map(keyIn(link)), ports.profiles, { withBatch: () => true });
    const roots = new Map(profileIds.map((id) => [id, rootOf(found, keyIn(link)(id))]));
    const result = { roots, merges, refusals: context.refused.size };
    const grave = [...found.values()].find(({ stored }) => stored?.erasedAt !== undefined)?.key.profileId;
    if (grave !== undefined) return { ...result, grave };
    const pair = nextPair([...found.values()], context.refused);
    if (pair === undefined) return result;
    const outcome = await attemptJoin({ ...pair, roots }, rules, context);
    if (outcome.kind === 'waits') return { ...result, waitsFor: outcome };
    if (outcome.kind === 'refused')
      return { ...result, waitsFor: { profileId: pair.loser.key.profileId, reason: TOO_LARGE } };
    if (outcome.kind === 'kept-two') await keepTwo(pair, outcome.reason, context);
    else if (outcome.kind === 'written') merges += 1;
    else attempt += 1;
  }
  throw new Error(`${ATTEMPTS_MAX} conflicting writes while profiles were to be merged`);
}

const TOO_LARGE = new Error('the store refuses the merged profile, for instance because of its size');

const keyIn =
  ({ sandboxName }: Link) =>
  (profileId: string): ProfileKey => ({ sandboxName, profileId });

const rootOf = (found: ReadonlyMap<string, Followed>, key: ProfileKey): string =>
  (found.get(profileKeyText(key)) as Followed).key.profileId;

function nextPair(found: readonly Followed[], refused: ReadonlySet<string>): Pair | undefined {
  const byId = new Map(found.map((followed) => [followed.key.profileId, followed]));
  const roots = [...byId.values()].sort((left, right) => byStanding(left.key, right.key));
  for (const [index, winner] of roots.entries()) {
    for (const loser of roots.slice(index + 1)) if (!refused.has(pairName({ winner, loser }))) return { winner, loser };
  }
  return undefined;
}

const pairName = ({ winner, loser }: Pair) => `${winner.key.profileId} ${loser.key.profileId}`;

async function attemptJoin(pair: RootedPair, rules: CompiledRules, context: Context): Promise<Attempt> {
  const parked = [pair.winner, pair.loser].find(({ stored }) => stored?.parked);
  if (parked) return { kind: 'waits', profileId: parked.key.profileId };
  const [winner, loser] = [read(pair.winner), read(pair.loser)];
  if (winner === undefined || loser === undefined) {
    const unreadable = winner === undefined ? pair.winner : pair.loser;
    return { kind: 'waits', profileId: unreadable.key.profileId };
  }
  const isNewer = ({ loaded }: KeyedProfile) => loaded.state.rulesVersion > rules.version;
  if (isNewer(winner) || isNewer(loser)) return { kind: 'outdated' };
  const reason = await reasonToKeepTwo(winner, loser, pair.roots, context);
  return reason === undefined ? commit(winner, loser, rules, context) : { kind: 'kept-two', reason };
}

/** Undefined where what is stored can't be read: then it will be parked, for that reason. */
function read({ key, stored }: Followed): KeyedProfile | undefined {
  try {
    return { key, loaded: loadProfile(stored, true) };
  } catch {
    return undefined;
  }
}

async function reasonToKeepTwo(
  winner: KeyedProfile,
  loser: KeyedProfile,
  roots: Joined['roots'],
  { link, ports, settings }: Context,
): Promise<RefusalReason | undefined> {
  if (await areApart(winner, loser, ports)) return 'kept-apart';
  const both = [winner.key.profileId, loser.key.profileId];
  // What leads to one of them may not be listed there yet.
  const leading = link.identities.filter(({ profileId }) => both.includes(roots.get(profileId) as string));
  const listed = [...winner.loaded.attributes.identities, ...loser.loaded.attributes.identities];
  const all = [...listed, ...leading.map(({ identity }) => identity)];
  return new Set(all.map(identityKey)).size > settings.identitiesMax ? 'too-many-identities' : undefined;
}

/** Profiles that an operator took apart may have become others since. */
async function areApart(left: KeyedProfile, right: KeyedProfile, { profiles }: Ports): Promise<boolean> {
  const isKeptFrom = async (one: LoadedProfile, { key }: KeyedProfile) => {
    const keys = (one.attributes.apart ?? []).map((profileId) => ({ ...key, profileId }));
    if (keys.length === 0) return false;
    const found = await followAliases(keys, profiles);
    return [...found.values()].some((other) => other.key.profileId === key.profileId);
  };
  return (await isKeptFrom(left.loaded, right)) || (await isKeptFrom(right.loaded, left));
}

async function commit(
  winner: KeyedProfile,
  loser: KeyedProfile,
  rules: CompiledRules,
  { ports, settings }: Context,
): Promise<Attempt> {
  try {
    const history = { read: (key: ProfileKey, at?: number) => orStoreFailure(ports.history.read(key, at)) };
    const { spilled, joint } = await planMerge(winner, loser, { rules, now: ports.now(), ...settings, history });
    for (const { key, chunk } of spilled) await orStoreFailure(ports.history.append(key, chunk));
    return { kind: await orStoreFailure(ports.joint.commit(joint)) };
  } catch (error) {
    if (error instanceof StoreFailure) throw error.cause;
    return { kind: 'waits', profileId: loser.key.profileId, reason: error as Error };
  }
}

/** They stay two, the item goes to its primary's, and an operator can see it. */
async function keepTwo(pair: Pair, reason: RefusalReason, { link, ports, refused }: Context): Promise<void> {
  const { sandboxName, identities } = link;
  const [profileId, otherProfileId] = [pair.winner.key.profileId, pair.loser.key.profileId];
  const namespaces = identities.map(({ identity }) => identity.namespace);
  await ports.refusedLinks.put({ sandboxName, profileId, otherProfileId, reason, namespaces, at: ports.now() });
  refused.add(pairName(pair));
}
