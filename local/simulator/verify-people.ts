/** Holds who is one person to what was sent: a graph of all identities that were ever named together. */
import { type Followed, followAlias, followAliases } from '#shared/profile/follow-aliases.ts';
import { identityKey } from '#shared/profile/identity.ts';
import { isSomebody, type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import type { Fate } from './erasing.ts';
import type { Sent, SentIdentity } from './scenario.ts';
import { SANDBOX, type World } from './world.ts';

interface Living {
  readonly key: ProfileKey;
  readonly attributes: LoadedProfile['attributes'];
}

export async function verifyPeople(world: World, fateOf: (item: Sent) => Fate): Promise<readonly string[]> {
  const { profiles } = world;
  const living = profiles.all().flatMap(([key, stored]): Living[] => {
    return isSomebody(stored) ? [{ key, attributes: loadProfile(stored).attributes }] : [];
  });
  const waiting = profiles.all().filter(([, { parked }]) => parked).length;
  return [
    ...(waiting > 0 ? [`${waiting} profiles are still parked`] : []),
    ...verifyOwners(living),
    ...(await verifyRows(world, living)),
    ...verifySizes(world, living),
    ...(await verifyLinks(world, living, fateOf)),
  ];
}

/** Nobody without an identity, and no identity of two. */
function verifyOwners(living: readonly Living[]): string[] {
  const owners = new Map<string, string>();
  return living.flatMap(({ key: { profileId }, attributes: { identities } }) => {
    const problems = identities.length === 0 ? [`${profileId} is nobody`] : [];
    for (const identity of identities) {
      const other = owners.get(identityKey(identity));
      owners.set(identityKey(identity), profileId);
      if (other !== undefined) problems.push(`${identity.id} is of both ${other} and ${profileId}`);
    }
    return problems;
  });
}

/** Whoever looks an identity up finds the profile that lists it. */
async function verifyRows({ identities: store, profiles }: World, living: readonly Living[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { key, attributes } of living) {
    const rows = await store.find(SANDBOX, attributes.identities);
    for (const identity of attributes.identities) {
      const profileId = rows.get(identityKey(identity)) ?? 'nobody';
      const followed = await followAlias({ ...key, profileId }, profiles);
      if (followed.key.profileId !== key.profileId)
        problems.push(`${identity.id} of ${key.profileId} leads to ${followed.key.profileId}`);
    }
  }
  return problems;
}

function verifySizes({ scenario: { identitiesMax } }: World, living: readonly Living[]): string[] {
  return living.flatMap(({ key, attributes: { identities } }) =>
    identities.length > identitiesMax ? [`${key.profileId} has ${identities.length} identities`] : [],
  );
}

/**
 * What was named together is one person, unless that would be too many; and who is one person was named together, directly
 * or through others.
 */
async function verifyLinks(world: World, living: readonly Living[], fateOf: (item: Sent) => Fate): Promise<string[]> {
  const { sent, identitiesMax } = world.scenario;
  const named = sent.flatMap((item) => ('identities' in item ? [item.identities] : []));
  const groupOf = componentsOf(named);
  const problems: string[] = [];
  for (const { key, attributes } of living) {
    const groups = new Set(attributes.identities.map((identity) => groupOf(identityKey(identity))));
    if (groups.size > 1) problems.push(`${key.profileId} is several people`);
  }
  if (world.rules.identityGraph === 'none') return [...problems, ...verifyAlone(living)];
  const people = await peopleByIdentity(world, named.flat());
  const staying = sent.flatMap((item) => ('identities' in item && fateOf(item) === 'stays' ? [item.identities] : []));
  const erased = await erasedOnce(world, named.flat());
  const refused = world.refusedLinks.reasons.has('too-many-identities');
  for (const identities of staying) {
    const owners = [...new Set(identities.map((identity) => people.get(identityKey(identity)) ?? NOBODY))];
    const all = new Set(owners.flatMap(({ members }) => [...members]));
    // Near a full profile an identity may be on its way to somebody else, and its links refused until it is seen again.
    // Where nobody was joined it may have been named before it was erased as well as after: it must be named again.
    const isUnheard =
      world.hasSwitchedGraph &&
      (owners.some(({ isGone }) => isGone) || identities.some((identity) => erased.has(identityKey(identity))));
    const isExcused = refused || world.hasLooseUnmerges || all.size > identitiesMax || isUnheard;
    if (owners.length < 2 || isExcused || (await areApart(world, living, owners))) continue;
    problems.push(`${identities.map(({ id }) => id).join(', ')} were named together and are ${owners.length} people`);
  }
  return problems;
}

/** Where nobody is joined each identity is a person of its own. */
const verifyAlone = (living: readonly Living[]) =>
  living.flatMap(({ key, attributes: { identities } }) =>
    identities.length > 1 ? [`${key.profileId} has ${identities.length} identities though nobody is joined`] : [],
  );

/** Whether an operator took any two of them apart. */
async function areApart({ profiles }: World, living: readonly Living[], owners: readonly Owner[]): Promise<boolean> {
  const ids = new Set(owners.map(({ profileId }) => profileId));
  for (const { key, attributes } of living) {
    if (!ids.has(key.profileId)) continue;
    const apart = (attributes.apart ?? []).map((profileId) => ({ ...key, profileId }));
    const followed = await followAliases(apart, profiles);
    if ([...followed.values()].some((other) => ids.has(other.key.profileId))) return true;
  }
  return false;
}

/** Whom an identity leads to, with all that lead there. */
interface Owner {
  readonly profileId: string;
  /** Erased, and nobody new yet. */
  readonly isGone: boolean;
  readonly members: Set<string>;
}

const NOBODY: Owner = { profileId: '', isGone: false, members: new Set() };

async function erasedOnce({ identities }: World, named: readonly SentIdentity[]): Promise<ReadonlySet<string>> {
  const rows = await identities.rows(
    SANDBOX,
    named.map((identity) => ({ ...identity, primary: false })),
  );
  return new Set([...rows].flatMap(([identity, { erasedAt }]) => (erasedAt === undefined ? [] : [identity])));
}

/** The profile that each identity leads to may not have been written yet. */
async function peopleByIdentity(
  { identities: store, profiles }: World,
  named: readonly SentIdentity[],
): Promise<ReadonlyMap<string, Owner>> {
  const rows = await store.find(
    SANDBOX,
    named.map((identity) => ({ ...identity, primary: false })),
  );
  const keys = [...rows.values()].map((profileId) => ({ sandboxName: SANDBOX, profileId }));
  const followed = await followAliases(keys, profiles);
  const owners = new Map<string, Owner>();
  return new Map(
    [...rows].map(([identity, rowId]) => {
      const found = followed.get(profileKeyText({ sandboxName: SANDBOX, profileId: rowId })) as Followed;
      const { profileId } = found.key;
      const isGone = found.stored?.erasedAt !== undefined;
      const owner = owners.get(profileId) ?? { profileId, isGone, members: new Set() };
      owners.set(profileId, owner);
      owner.members.add(identity);
      return [identity, owner] as const;
    }),
  );
}

function componentsOf(named: readonly (readonly SentIdentity[])[]): (key: string) => string {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    const parent = parents.get(key);
    return parent === undefined ? key : rootOf(parent);
  };
  for (const identities of named) {
    const [first, ...others] = identities.map(identityKey);
    for (const other of others) {
      const [from, to] = [rootOf(other), rootOf(first as string)];
      if (from !== to) parents.set(from, to);
    }
  }
  return rootOf;
}
