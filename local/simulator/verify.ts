/** Holds a finished world to what it must be, computed another way. */
import { check, defaultSchema, type ExperienceEvent, interpret, normalizeEvents, parse } from '#shared/pql/index.ts';
import { FUTURE_TOLERANCE_MS, type StoredEvent } from '#shared/profile/experience-event.ts';
import { sortEvents, unpackAll } from '#shared/profile/history.ts';
import { decodeAttributes } from '#shared/profile/profile-attributes.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import type { RulesDefinition } from '#shared/segment/rules.ts';
import type { Person, SentEvent } from './scenario.ts';
import type { World } from './world.ts';

export async function verify(world: World): Promise<readonly string[]> {
  const problems: string[] = [];
  const people = new Map(world.sent.map(({ person }) => [person.identities[0]?.id, person]));
  const profiles = world.profiles.all();
  if (profiles.length !== people.size) problems.push(`${people.size} people became ${profiles.length} profiles`);
  for (const [key, stored] of profiles) {
    const attributes = stored.attributes ? decodeAttributes(stored.attributes).identities : [];
    const person = [...people.values()].find(({ identities }) =>
      identities.some(({ id }) => attributes.some((each) => each.id === id)),
    );
    if (person === undefined) problems.push(`profile ${key.profileId} is nobody`);
    else problems.push(...(await verifyProfile(world, key, loadProfile(stored), person)));
  }
  return problems;
}

async function verifyProfile(world: World, key: ProfileKey, loaded: LoadedProfile, person: Person): Promise<string[]> {
  const events = world.sent.filter((sent) => sent.person === person);
  return [
    ...(await verifyEvents(world, key, loaded, events)),
    ...verifyMemberships(world, key, loaded, await storedEvents(world, key, loaded)),
    ...verifyFeed(world, key, loaded),
    ...verifyIdentities(key, loaded, person),
  ];
}

async function storedEvents({ history }: World, key: ProfileKey, { state }: LoadedProfile) {
  const chunks = await history.read(key);
  return sortEvents([...chunks.flatMap(({ events }) => unpackAll(events)), ...unpackAll(state.tail)]);
}

/** Each event that was sent is kept once, at its own time or, if that lay too far ahead, at an earlier one. */
async function verifyEvents(world: World, key: ProfileKey, loaded: LoadedProfile, sent: readonly SentEvent[]) {
  const kept = new Map((await storedEvents(world, key, loaded)).map((event) => [event._id, event]));
  const problems = kept.size === sent.length ? [] : [`${key.profileId} keeps ${kept.size} of ${sent.length} events`];
  for (const { event } of sent) {
    const found = kept.get(event._id)?.timestamp;
    const isClamped = found !== undefined && event.timestamp > found + FUTURE_TOLERANCE_MS;
    if (found !== event.timestamp && !isClamped)
      problems.push(`${event._id} of ${event.timestamp} is kept at ${found}`);
  }
  return problems;
}

function verifyMemberships(
  { artifact, now }: World,
  key: ProfileKey,
  { state }: LoadedProfile,
  stored: readonly StoredEvent[],
) {
  const events = normalizeEvents(stored);
  return artifact.definitions.flatMap((definition) => {
    const expected = qualifies(definition, events, now);
    const found = state.memberships.get(definition.ordinal)?.status === 'realized';
    return expected === found
      ? []
      : [`${key.profileId} in "${definition.expression}": stored ${found}, in truth ${expected}`];
  });
}

function qualifies({ expression }: RulesDefinition, events: readonly ExperienceEvent[], now: number): boolean {
  const parsed = parse(expression);
  if (!parsed.ok) throw new Error(`${expression}: ${JSON.stringify(parsed.error)}`);
  const options = { mode: 'segment' } as const;
  const { expression: checked } = check(parsed.value, defaultSchema, options);
  return interpret(checked, { profile: {}, events, now }, options) === true;
}

/** Whoever follows the changes in the order of versions ends at the stored memberships. */
function verifyFeed({ profiles }: World, key: ProfileKey, { state }: LoadedProfile): string[] {
  const members = new Map<number, string>();
  const problems: string[] = [];
  for (const write of profiles.log) {
    if (write.key.profileId !== key.profileId || write.changes === undefined) continue;
    for (const { segmentOrdinal, status } of decodeChanges(write.changes)) {
      if (members.get(segmentOrdinal) === status) problems.push(`segment ${segmentOrdinal} became ${status} twice`);
      members.set(segmentOrdinal, status);
    }
  }
  for (const [ordinal, { status }] of state.memberships) {
    if (members.get(ordinal) !== status)
      problems.push(`the feed leaves segment ${ordinal} at ${members.get(ordinal)}, not ${status}`);
    members.delete(ordinal);
  }
  const stuck = [...members].filter(([, status]) => status === 'realized').map(([ordinal]) => ordinal);
  if (stuck.length > 0) problems.push(`the feed leaves a member in deleted segments ${stuck.join(', ')}`);
  return problems;
}

function verifyIdentities({ profileId }: ProfileKey, { attributes }: LoadedProfile, { identities }: Person): string[] {
  const known = attributes.identities
    .map(({ id }) => id)
    .sort()
    .join(' ');
  const expected = identities
    .map(({ id }) => id)
    .sort()
    .join(' ');
  return known === expected ? [] : [`${profileId} knows itself as ${known} instead of ${expected}`];
}
