/**
 * Which identities are the same person: how what is known of two profiles becomes what is known of one, and the other way
 * round. Items lie with the primary identity that brought them, so what was joined can be taken apart again exactly.
 */
import type { StoredEvent } from './experience-event.ts';
import { type Identity, identityKey, readIdentityMap } from './identity.ts';
import { type ProfileAttributes, withErased, withFragment, withIdentities, withNamed } from './profile-attributes.ts';

/** More than this share a device rather than a person, and a transaction holds 100 items. */
export const IDENTITIES_PER_PROFILE_MAX = 50;

/**
 * Of two profiles the one whose id comes first stays, so that lanes which join the same ones at once agree, and aliases
 * never lead in a circle. Ids begin with the time at which they were allotted: it is the older one.
 */
export const byStanding = (left: { readonly profileId: string }, right: { readonly profileId: string }): number =>
  left.profileId < right.profileId ? -1 : left.profileId > right.profileId ? 1 : 0;

/**
 * The time in eight digits of base 36, which reach to the year 2059, and chance in eleven: 56 bits for those who are met in
 * one millisecond. Short, for it is billed with every write.
 */
export const profileIdAt = (instant: number, chance: Uint8Array): string => {
  const random = chance.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  return `${instant.toString(36).padStart(8, '0')}${random.toString(36).padStart(11, '0')}`;
};

/** Everything that either knows; the other's events stay where they are, under its own id. */
export function mergeAttributes(
  winner: ProfileAttributes,
  loser: ProfileAttributes,
  loserId: string,
): ProfileAttributes {
  const joined = loser.fragments.reduce(withFragment, withIdentities(winner, loser.identities));
  return {
    ...withErased(withNamed(joined, loser.named ?? []), loser.erased),
    partitions: union(winner.partitions, [loserId], loser.partitions),
    sharesPartitions: winner.sharesPartitions === true || loser.sharesPartitions === true,
    apart: union(winner.apart, loser.apart),
  };
}

const union = (...lists: readonly (readonly string[] | undefined)[]): readonly string[] =>
  [...new Set(lists.flatMap((list = []) => list))].sort();

/**
 * What some of a profile's identities brought. Fragments of earlier releases do not say who brought them: they are of those
 * who keep them.
 */
export function attributesOf(
  { fragments, erased = {} }: ProfileAttributes,
  identities: readonly Identity[],
  events: readonly StoredEvent[],
  keepsUnnamed: boolean,
): ProfileAttributes {
  const own = new Set(identities.map(identityKey));
  const kept = fragments.filter(({ identity }) => (identity === undefined ? keepsUnnamed : own.has(identity)));
  const brought = [...events.map(primaryKeyOf), ...kept.map(({ identity }) => identity)];
  const [primary] = brought.filter((key) => key !== undefined && own.has(key)).sort();
  return {
    identities: identities.map((each) => ({ ...each, primary: identityKey(each) === primary })),
    fragments: kept,
    erased: Object.fromEntries(Object.entries(erased).filter(([key]) => own.has(key))),
  };
}

/** The identity that brought an event. */
export function primaryKeyOf({ identityMap }: StoredEvent): string | undefined {
  const read = readIdentityMap(identityMap);
  return read.ok ? identityKey(read.value[0] as Identity) : undefined;
}

/**
 * Of the events of a profile's partitions its own: all of them, unless it was ever taken apart from somebody. Then an
 * identity of it may have been somebody's who was erased, whose events are there until they are cleared away.
 */
export function ownEvents(
  events: readonly StoredEvent[],
  { sharesPartitions, identities, erased = {} }: ProfileAttributes,
): readonly StoredEvent[] {
  if (!sharesPartitions) return events;
  const own = new Set(identities.map(identityKey));
  return events.filter((event) => {
    const key = primaryKeyOf(event) ?? '';
    return own.has(key) && event.timestamp > (erased[key] ?? Number.NEGATIVE_INFINITY);
  });
}
