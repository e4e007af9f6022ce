/**
 * From identities to profiles. A known identity leads to its profile; the unknown ones of an item are claimed for that of
 * its first known one, or for a new profile, all in one transaction. Where another lane claims first, its claim is followed.
 */
import { eachOf } from '#shared/kernel/concurrency.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import type { IdentityRow, IdentityStore, SeenIdentity } from '#shared/profile/profile-store.ts';

/** Something about a person, of one sandbox. */
interface Identified {
  readonly identities: readonly Identity[];
  /** When it happened or arrived, whichever is earlier; epoch milliseconds. */
  readonly since: number;
}

export interface ResolvePorts {
  readonly identities: IdentityStore;
  readonly newProfileId: () => string;
}

export interface Resolved {
  /** By `identityKey` the profile that each identity leads to, or an alias of it. Of items of the living all are there. */
  readonly known: ReadonlyMap<string, string>;
  /** Whether it names somebody who was erased since. */
  readonly isErased: (item: Identified) => boolean;
  /** When those of the identities that are somebody's again were erased, by `identityKey`; undefined where none was. */
  readonly erasedOf: (identities: readonly Identity[]) => Readonly<Record<string, number>> | undefined;
}

const CLAIM_ATTEMPTS_MAX = 8;
/** A client has 50 connections; a batch of newcomers would otherwise queue hundreds of requests on them. */
const CLAIMS_AT_ONCE_MAX = 40;

type Rows = Map<string, IdentityRow>;

export async function resolveIdentities(
  sandboxName: string,
  items: readonly Identified[],
  ports: ResolvePorts,
): Promise<Resolved> {
  const rows: Rows = new Map(await ports.identities.rows(sandboxName, uniqueIdentities(items)));
  const isErased = (item: Identified) => namesErased(item, rows);
  const open = items.filter((item) => !isErased(item) && unclaimed(item, rows).length > 0);
  const groups = groupsOf(open, ({ identities }) => identities.map(identityKey));
  await eachOf(groups, CLAIMS_AT_ONCE_MAX, (group) => claimGroup(sandboxName, group, rows, ports));
  const known = [...rows].flatMap(([key, { profileId }]) =>
    profileId === undefined ? [] : [[key, profileId] as const],
  );
  return { known: new Map(known), isErased, erasedOf: (identities) => erasedOf(identities, rows) };
}

function erasedOf(identities: readonly Identity[], rows: Rows): Readonly<Record<string, number>> | undefined {
  const entries = identities.flatMap((identity) => {
    const erasedAt = rows.get(identityKey(identity))?.erasedAt;
    return erasedAt === undefined ? [] : [[identityKey(identity), erasedAt] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const namesErased = ({ identities, since }: Identified, rows: Rows): boolean =>
  identities.some((identity) => since <= (rows.get(identityKey(identity))?.erasedAt ?? Number.NEGATIVE_INFINITY));

const unclaimed = ({ identities }: Identified, rows: Rows): readonly Identity[] =>
  identities.filter((identity) => rows.get(identityKey(identity))?.profileId === undefined);

function uniqueIdentities(items: readonly Identified[]): readonly Identity[] {
  const byKey = new Map(
    items.flatMap(({ identities }) => identities).map((identity) => [identityKey(identity), identity]),
  );
  return [...byKey.values()];
}

/** The primary comes first in an item's identities. */
function profileOf({ identities }: Identified, rows: Rows): string | undefined {
  for (const identity of identities) {
    const profileId = rows.get(identityKey(identity))?.profileId;
    if (profileId !== undefined) return profileId;
  }
  return undefined;
}

async function claimGroup(
  sandboxName: string,
  group: readonly Identified[],
  rows: Rows,
  { identities: store, newProfileId }: ResolvePorts,
): Promise<void> {
  for (const item of group) {
    for (let attempt = 1; ; attempt++) {
      const unknown = unclaimed(item, rows);
      if (unknown.length === 0 || namesErased(item, rows)) break;
      if (attempt > CLAIM_ATTEMPTS_MAX) throw new Error('an identity was claimed by others again and again');
      const profileId = profileOf(item, rows) ?? newProfileId();
      const seen = unknown.map((identity) => ({ identity, row: rows.get(identityKey(identity)) }));
      // On condition of what was seen: who is erased meanwhile is not claimed by what came before.
      const isTaken = await store.take(sandboxName, seen, profileId);
      const found = isTaken ? seen.map((each) => taken(each, profileId)) : await store.rows(sandboxName, unknown);
      for (const [key, row] of found) rows.set(key, row);
    }
  }
}

const taken = ({ identity, row }: SeenIdentity, profileId: string) =>
  [identityKey(identity), { ...row, profileId }] as const;

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
