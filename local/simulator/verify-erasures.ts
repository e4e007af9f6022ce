/** After the end of every erasure nothing of it is left: no event, no attribute, no item that waits, no note. */
import { followAlias } from '#shared/profile/follow-aliases.ts';
import { unpackAll } from '#shared/profile/history.ts';
import { identityKey } from '#shared/profile/identity.ts';
import { isSomebody } from '#shared/profile/profile-store.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { Fate } from './erasing.ts';
import type { Sent, SentIdentity } from './scenario.ts';
import type { World } from './world.ts';

export async function verifyErasures(world: World, fateOf: (item: Sent) => Fate): Promise<readonly string[]> {
  if (!world.hasErasures) return [];
  const { sent } = world.scenario;
  const fates = new Map(
    sent.flatMap((item) => (item.kind === 'event' ? [[item.event._id, fateOf(item)] as const] : [])),
  );
  const problems: string[] = [];
  for (const [key, chunks] of world.history.all()) {
    const ids = chunks.flatMap(({ events }) => unpackAll(events).map(({ _id }) => _id));
    const left = ids.filter((id) => fates.get(id) === 'gone');
    if (left.length > 0) problems.push(`history of ${key.profileId} still holds ${left.join(', ')}, which were erased`);
  }
  for (const { key, id } of world.parking.parked.values()) {
    const { stored } = await followAlias(key, world.profiles);
    if (stored?.erasedAt !== undefined) problems.push(`${id} waits for ${key.profileId}, who was erased`);
  }
  return [
    ...problems,
    ...(await verifyNotes(world)),
    ...verifyRecords(world, fateOf),
    ...verifyNewcomers(world, fateOf),
  ];
}

async function verifyNotes({ erasures, profiles, erasureJobs }: World): Promise<string[]> {
  const problems: string[] = [];
  for (const [key, stored] of profiles.all()) {
    if ((await erasures.find(key)) !== undefined) problems.push(`an order is left beside ${key.profileId}`);
    if (stored.erasedAt !== undefined && stored.attributes !== undefined)
      problems.push(`${key.profileId} was erased and has attributes`);
  }
  const open = await erasureJobs.listOpen();
  return open.length === 0 ? problems : [...problems, `${open.length} erasures never end`];
}

/** No value of a record that was erased. */
function verifyRecords({ profiles, scenario }: World, fateOf: (item: Sent) => Fate): string[] {
  const gone = new Set(
    scenario.sent.flatMap((item) => (item.kind === 'profile' && fateOf(item) === 'gone' ? [item.timestamp] : [])),
  );
  return profiles.all().flatMap(([{ profileId }, stored]) => {
    const { fragments } = loadProfile(stored).attributes;
    const left = fragments.flatMap(({ values }) => values.filter(({ timestamp }) => gone.has(timestamp)));
    return left.length === 0 ? [] : [`${profileId} has attributes that were erased: ${JSON.stringify(left)}`];
  });
}

/** Who is heard of after an erasure is somebody. */
function verifyNewcomers({ profiles, scenario }: World, fateOf: (item: Sent) => Fate): string[] {
  const living = profiles.all().filter(([, stored]) => isSomebody(stored));
  const listed = new Set(living.flatMap(([, stored]) => loadProfile(stored).attributes.identities.map(identityKey)));
  return scenario.sent.flatMap((item) => {
    if (!('identities' in item) || fateOf(item) !== 'stays') return [];
    const primary = item.identities[0] as SentIdentity;
    return listed.has(identityKey(primary)) ? [] : [`${primary.id} was heard of after every erasure and is nobody`];
  });
}
