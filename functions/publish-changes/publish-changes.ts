/**
 * From profile versions that changed memberships to the change feed and the bus, in the order of each profile.
 * Whatever fails is delivered again with all that follows it; the feed drops what it holds already.
 */
import { invariant } from '#shared/kernel/invariant.ts';
import { hash32 } from '#shared/profile/hash.ts';
import type { Identity } from '#shared/profile/identity.ts';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import {
  type ProfileChanges,
  type PublishedChange,
  publishedChanges,
  type SegmentNames,
} from '#shared/segment/membership-change.ts';

export interface ChangeFeed {
  /** Appends in order; a change that the feed took lately is left out. */
  append(sandboxName: string, shard: number, changes: readonly PublishedChange[]): Promise<void>;
}

export interface PublishPorts {
  /** The names of a sandbox's segments, of rules at least as new as `rulesVersion`. */
  readonly names: (sandboxName: string, rulesVersion: number) => Promise<SegmentNames>;
  /** By `profileKeyText`. */
  readonly identities: (keys: readonly ProfileKey[]) => Promise<ReadonlyMap<string, readonly Identity[]>>;
  readonly feed: ChangeFeed;
  readonly announce: (changes: readonly PublishedChange[]) => Promise<void>;
  /** Tells those who deliver that the shards of the feed may hold something new; also when a batch comes again. */
  readonly wake: (sandboxName: string, shards: readonly number[]) => Promise<void>;
}

export async function publishChanges(
  versions: readonly ProfileChanges[],
  ports: PublishPorts,
  feedShards: number,
): Promise<number> {
  const identities = await ports.identities(uniqueKeys(versions));
  const published: PublishedChange[] = [];
  for (const version of versions) published.push(...(await describe(version, identities, ports)));
  for (const [sandboxName, ofSandbox] of groupBy(published, (change) => change.sandboxName)) {
    const byShard = groupBy(ofSandbox, ({ profileId }) => hash32(profileId) % feedShards);
    await Promise.all([...byShard].map(([shard, changes]) => ports.feed.append(sandboxName, shard, changes)));
    await ports.wake(sandboxName, [...byShard.keys()]);
  }
  if (published.length > 0) await ports.announce(published);
  return published.length;
}

function uniqueKeys(versions: readonly ProfileChanges[]): readonly ProfileKey[] {
  return [...new Map(versions.map(({ key }) => [profileKeyText(key), key])).values()];
}

async function describe(
  version: ProfileChanges,
  identities: ReadonlyMap<string, readonly Identity[]>,
  { names }: PublishPorts,
): Promise<readonly PublishedChange[]> {
  const { key, rulesVersion } = version;
  const known = identities.get(profileKeyText(key)) ?? [];
  const published = publishedChanges(version, known, await names(key.sandboxName, rulesVersion));
  invariant(published, 'a change names a segment that no rules of its version or later know');
  return published;
}

function groupBy<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
