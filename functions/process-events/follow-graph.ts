/**
 * A profile brought to the sandbox's identity graph, when anything reaches it. Its own shape tells whether it still has to
 * be: where nobody is joined it may have one identity, and where people are it remembers nobody whom it was not joined with.
 */
import { followAliases } from '#shared/profile/follow-aliases.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { type ProfileAttributes, withErased, withIdentities, withNamed } from '#shared/profile/profile-attributes.ts';
import { isSomebody, type ProfileKey, profileKeyText, type WriteOutcome } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadReadable } from '#shared/segment/loaded-profile.ts';
import { planSplit } from '#shared/segment/split-profile.ts';
import { joinProfiles } from './join-profiles.ts';
import type { Ports, Settings } from './ports.ts';
import { resolveIdentities } from './resolve-profiles.ts';
import type { PlacedItem } from './work.ts';

export type Followed =
  /** It was written: whose its items are must be found out again. */
  | { readonly kind: 'regrouped' }
  /** The store will not take it in any other shape either: it waits for an operator. */
  | { readonly kind: 'refused' }
  /** What is known of it from now on; undefined where that is what is stored. */
  | { readonly kind: 'as-it-is'; readonly attributes?: ProfileAttributes };

export interface Following {
  readonly key: ProfileKey;
  readonly loaded: LoadedProfile;
  readonly rules: CompiledRules;
  readonly items: readonly PlacedItem[];
}

export async function followGraph(following: Following, ports: Ports, settings: Settings): Promise<Followed> {
  const { loaded, rules, items } = following;
  if (rules.identityGraph === 'pdg') return joinNamed(following, ports, settings);
  if (loaded.attributes.identities.length > 1) {
    return { kind: (await separate(following, ports, settings)) === 'refused' ? 'refused' : 'regrouped' };
  }
  const attributes = withNamed(
    loaded.attributes,
    items.flatMap(({ named = [] }) => named),
  );
  return { kind: 'as-it-is', ...(attributes !== loaded.attributes && { attributes }) };
}

/** Each identity but the primary becomes a profile of its own, one transaction each; what is left is done next time. */
async function separate({ key, rules }: Following, ports: Ports, settings: Settings): Promise<WriteOutcome> {
  for (;;) {
    const stored = (await ports.profiles.read([key], { withBatch: () => true })).get(profileKeyText(key));
    if (stored === undefined || !isSomebody(stored) || stored.parked) return 'conflict';
    const loaded = loadReadable(stored, true);
    // Whoever reads it next parks it.
    if (loaded === undefined) return 'conflict';
    const { identities } = loaded.attributes;
    const leaving = identities.find(({ primary }) => !primary);
    if (identities.length < 2 || leaving === undefined || loaded.state.rulesVersion > rules.version) return 'written';
    const split = { profile: { key, loaded }, leaving: [leaving], newProfileId: ports.newProfileId() };
    const { spilled, joint } = await planSplit(
      { ...split, keepApart: false, staysNamed: true },
      { ...settings, rules, now: ports.now(), history: ports.history },
    );
    for (const { key: partition, chunk } of spilled) await ports.history.append(partition, chunk);
    const outcome = await ports.joint.commit(joint);
    if (outcome !== 'written') return outcome;
  }
}

/** Whom items named while nobody was joined is joined now; an identity that nobody had is its own. */
async function joinNamed({ key, loaded }: Following, ports: Ports, settings: Settings): Promise<Followed> {
  const { identities } = loaded.attributes;
  if ((loaded.attributes.named ?? []).length === 0) return { kind: 'as-it-is' };
  const { sandboxName, profileId } = key;
  const named = await thoseNotErased(key, loaded.attributes.named ?? [], ports);
  const all = [...identities, ...named];
  const everything = [{ identities: all, since: Number.POSITIVE_INFINITY }];
  const { known, erasedOf } = await resolveIdentities(sandboxName, everything, ports);
  const idOf = (identity: Identity) => known.get(identityKey(identity)) as string;
  const linked = all.map((identity) => ({ identity, profileId: idOf(identity) }));
  const { roots, merges, waitsFor, grave } = await joinProfiles({ sandboxName, identities: linked }, ports, settings);
  if (merges > 0) return { kind: 'regrouped' };
  // Whom it waits for is joined when they can be: it goes on remembering them.
  if (waitsFor !== undefined || grave !== undefined) return { kind: 'as-it-is' };
  const room = Math.max(0, settings.identitiesMax - identities.length);
  const own = named.filter((identity) => roots.get(idOf(identity)) === profileId).slice(0, room);
  const { named: _, ...attributes } = withErased(withIdentities(loaded.attributes, own), erasedOf(own));
  return { kind: 'as-it-is', attributes };
}

/** Who was erased and has not been heard of since is nobody to be joined with. */
async function thoseNotErased(
  { sandboxName }: ProfileKey,
  named: readonly Identity[],
  { identities, profiles }: Ports,
): Promise<readonly Identity[]> {
  const rows = await identities.rows(sandboxName, named);
  const keyOf = (identity: Identity) => ({ sandboxName, profileId: rows.get(identityKey(identity))?.profileId ?? '' });
  const blocked = named.filter((identity) => rows.get(identityKey(identity))?.erasedAt !== undefined);
  if (blocked.length === 0) return named;
  const followed = await followAliases(blocked.map(keyOf), profiles);
  const isGone = (identity: Identity) => {
    const found = followed.get(profileKeyText(keyOf(identity)));
    return rows.get(identityKey(identity))?.profileId === undefined || found?.stored?.erasedAt !== undefined;
  };
  return named.filter((identity) => !blocked.includes(identity) || !isGone(identity));
}
