/**
 * From identities to profiles. A known identity leads to its profile; the unknown ones of an item are claimed for that of
 * its first known one, or for a new profile, all in one transaction. Where another lane claims first, its claim is followed.
 */
import { eachOf } from '#shared/kernel/concurrency.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import type { IdentityStore } from '#shared/profile/profile-store.ts';

/** Something about a person, of one sandbox. */
interface Identified {
  readonly identities: readonly Identity[];
}

export interface ResolvePorts {
  readonly identities: IdentityStore;
  readonly newProfileId: () => string;
}

const CLAIM_ATTEMPTS_MAX = 8;
/** A client has 50 connections; a batch of newcomers would otherwise queue hundreds of requests on them. */
const CLAIMS_AT_ONCE_MAX = 40;

/** By `identityKey` the profile that each identity leads to, or an alias of it. */
export async function resolveIdentities(
  sandboxName: string,
  items: readonly Identified[],
  ports: ResolvePorts,
): Promise<ReadonlyMap<string, string>> {
  const all = uniqueIdentities(items);
  const known = new Map(await ports.identities.find(sandboxName, all));
  const open = items.filter(({ identities }) => identities.some((identity) => !known.has(identityKey(identity))));
  const groups = groupsOf(open, ({ identities }) => identities.map(identityKey));
  await eachOf(groups, CLAIMS_AT_ONCE_MAX, (group) => claimGroup(sandboxName, group, known, ports));
  return known;
}

function uniqueIdentities(items: readonly Identified[]): readonly Identity[] {
  const byKey = new Map(
    items.flatMap(({ identities }) => identities).map((identity) => [identityKey(identity), identity]),
  );
  return [...byKey.values()];
}

/** The primary comes first in an item's identities. */
function profileOf({ identities }: Identified, known: ReadonlyMap<string, string>): string | undefined {
  for (const identity of identities) {
    const profileId = known.get(identityKey(identity));
    if (profileId !== undefined) return profileId;
  }
  return undefined;
}

async function claimGroup(
  sandboxName: string,
  group: readonly Identified[],
  known: Map<string, string>,
  { identities: store, newProfileId }: ResolvePorts,
): Promise<void> {
  for (const item of group) {
    for (let attempt = 1; ; attempt++) {
      const unknown = item.identities.filter((identity) => !known.has(identityKey(identity)));
      if (unknown.length === 0) break;
      if (attempt > CLAIM_ATTEMPTS_MAX) throw new Error('an identity was claimed by others again and again');
      const profileId = profileOf(item, known) ?? newProfileId();
      const claimed = await store.claim(sandboxName, unknown, profileId);
      const found = claimed
        ? unknown.map((identity) => [identityKey(identity), profileId] as const)
        : await store.find(sandboxName, unknown);
      for (const [key, owner] of found) known.set(key, owner);
    }
  }
}

/** Items that share a key, directly or through others, in one group: they must be worked on one after another. */
export function groupsOf<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): readonly (readonly Item[])[] {
  const groupByKey = new Map<string, Item[]>();
  for (const item of items) {
    const keys = keysOf(item);
    const joined = new Set(keys.flatMap((key) => groupByKey.get(key) ?? []));
    const group = [...joined, item];
    const members = joined.size === 0 ? keys : group.flatMap(keysOf);
    for (const key of members) groupByKey.set(key, group);
  }
  return [...new Set(groupByKey.values())];
}
