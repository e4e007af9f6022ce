/** Holds the change feed, the bus and a subscriber to what the profiles' versions say. */
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { PublishedChange } from '#shared/segment/membership-change.ts';
import { type FeedReader, feedShards } from './feed-reader.ts';
import type { World } from './world.ts';

export async function verifyFeed(world: World, reader: FeedReader): Promise<readonly string[]> {
  reader.start();
  await world.scheduler.runUntilIdle();
  const rows = new Map(feedShards().map((pk) => [pk, world.changes.rows(pk)]));
  const feed = [...rows.values()].flat().map(({ change }) => change);
  const problems = [
    ...verifyContent(world, feed),
    ...verifyOrder(
      world,
      [...rows.values()].map((shard) => shard.map(({ change }) => change)),
    ),
  ];
  for (const [pk, shard] of rows) {
    const seen = (reader.seen.get(pk) ?? []).map(({ sequence }) => sequence).join();
    const expected = shard.map(({ sequence }) => sequence).join();
    if (seen !== expected) problems.push(`a reader of ${pk} saw ${seen} of ${expected}`);
  }
  const silent = feed.filter(({ id }) => !world.announced.has(id));
  if (silent.length > 0) problems.push(`never announced: ${silent.map(({ id }) => id).join(', ')}`);
  const followed = [...reader.seen.values()].flat().map(({ change }) => change);
  return [...problems, ...verifySubscriber(world, followed)];
}

/** Every change of every version once, as it was made. */
function verifyContent({ profiles, artifactByVersion }: World, feed: readonly PublishedChange[]): string[] {
  const published = new Map(feed.map((change) => [change.id, change]));
  const problems =
    published.size === feed.length ? [] : [`${feed.length - published.size} changes are in the feed twice`];
  for (const { key, expectedVersion, rulesVersion, changes } of profiles.log) {
    for (const [index, { segmentOrdinal, status, time, cause }] of (changes ? decodeChanges(changes) : []).entries()) {
      const id = `${key.profileId}-${expectedVersion + 1}-${index}`;
      const found = published.get(id);
      published.delete(id);
      const { definitions, retired } = artifactByVersion.get(rulesVersion) ?? { definitions: [], retired: [] };
      const segment = [...definitions, ...retired].find(({ ordinal }) => ordinal === segmentOrdinal);
      const expected = [segment?.id, status, new Date(time).toISOString(), cause].join();
      const actual = found && [found.segmentId, found.status, found.time, found.cause].join();
      if (actual !== expected) problems.push(`the feed has ${actual} for ${id}, which is ${expected}`);
    }
  }
  if (published.size > 0) problems.push(`the feed has changes that nothing made: ${[...published.keys()].join(', ')}`);
  return problems;
}

/** Per profile by version and index; what an operator had to send again comes when it comes. */
function verifyOrder({ hasGivenUpChanges }: World, shards: readonly (readonly PublishedChange[])[]): string[] {
  if (hasGivenUpChanges) return [];
  return shards.flatMap((changes) => {
    const last = new Map<string, PublishedChange>();
    return changes.flatMap((change) => {
      const before = last.get(change.profileId);
      last.set(change.profileId, change);
      const isLater =
        !before ||
        before.version < change.version ||
        (before.version === change.version && before.index < change.index);
      return isLater ? [] : [`${change.id} comes after ${before.id}`];
    });
  });
}

/** Whoever drops repeated ids, and lower versions per profile and segment, ends at what is stored. */
function verifySubscriber({ profiles, rules }: World, followed: readonly PublishedChange[]): string[] {
  const view = new Map<string, PublishedChange>();
  const ids = new Set<string>();
  for (const change of followed) {
    const name = `${change.profileId} ${change.segmentId}`;
    if (ids.has(change.id) || change.version < (view.get(name)?.version ?? 0)) continue;
    ids.add(change.id);
    view.set(name, change);
  }
  const members = [...view].filter(([, { status }]) => status === 'realized').map(([name]) => name);
  const stored = profiles
    .all()
    .flatMap(([{ profileId }, profile]) =>
      [...loadProfile(profile).state.memberships]
        .filter(([, { status }]) => status === 'realized')
        .map(([ordinal]) => `${profileId} ${rules.definitions.find((each) => each.ordinal === ordinal)?.id}`),
    );
  const [seen, expected] = [members.sort().join(', '), stored.sort().join(', ')];
  return seen === expected ? [] : [`a subscriber ends at ${seen} instead of ${expected}`];
}
