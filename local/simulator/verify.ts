/** Holds a world that has come to rest to what it must be, computed another way. */
import { FUTURE_TOLERANCE_MS, type StoredEvent } from '#shared/profile/experience-event.ts';
import { identityKey } from '#shared/profile/identity.ts';
import { DEFAULT_MERGE, mergeFragments } from '#shared/profile/merge-policy.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import { isSomebody, type ProfileKey } from '#shared/profile/profile-store.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { type Fate, fatesOf } from './erasing.ts';
import type { FeedReader } from './feed-reader.ts';
import { attributesOf, qualifications } from './oracle.ts';
import type { Sent, SentEvent, SentIdentity, SentProfileRecord } from './scenario.ts';
import { verifyErasures } from './verify-erasures.ts';
import { verifyFeed } from './verify-feed.ts';
import { verifyPeople } from './verify-people.ts';
import { verifyTimelines } from './verify-timeline.ts';
import type { World } from './world.ts';

interface Subject {
  readonly key: ProfileKey;
  readonly loaded: LoadedProfile;
  readonly events: readonly SentEvent[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly fateOf: (item: Sent) => Fate;
}

/** `keepsTail`: every version's new events are in its tail, so that it can be told what each version knew. */
export async function verifyAtRest(world: World, reader: FeedReader, keepsTail: boolean): Promise<readonly string[]> {
  const fateOf = await fatesOf(world);
  const problems = [...(await verifyPeople(world, fateOf)), ...verifyCounts(world), ...verifyQuarantine(world)];
  problems.push(...(await verifyErasures(world, fateOf)));
  for (const subject of subjectsOf(world, fateOf)) {
    const stored = await storedEvents(world, subject);
    problems.push(...verifyEvents(world, subject, stored));
  }
  if (keepsTail) problems.push(...verifyTimelines(world));
  return [...problems, ...(await verifyFeed(world, reader))];
}

/** Each profile with what its identities brought: an item is its primary identity's. */
function subjectsOf(world: World, fateOf: (item: Sent) => Fate): readonly Subject[] {
  const { sent } = world.scenario;
  return world.profiles.all().flatMap(([key, stored]) => {
    if (!isSomebody(stored)) return [];
    const loaded = loadProfile(stored);
    const known = new Set(loaded.attributes.identities.map(identityKey));
    const items = sent.filter(
      (item) => 'identities' in item && known.has(identityKey(item.identities[0] as SentIdentity)),
    );
    const events = items.filter((item): item is SentEvent => item.kind === 'event');
    const records = items.filter((item): item is SentProfileRecord => item.kind === 'profile');
    const attributes = records.some((item) => fateOf(item) === 'either')
      ? mergeFragments(loaded.attributes.fragments, DEFAULT_MERGE)
      : attributesOf(records.filter((item) => fateOf(item) === 'stays'));
    return [{ key, loaded, events, attributes, fateOf }];
  });
}

async function storedEvents({ history }: World, { key, loaded }: Subject): Promise<readonly StoredEvent[]> {
  return readAllEvents(history, key, loaded);
}

/**
 * Each event is kept once, at its own time or, if that lay too far ahead, at an earlier one; unless it is so old that it
 * may have been gone before it came.
 */
function verifyEvents(world: World, { key, events, fateOf }: Subject, stored: readonly StoredEvent[]): string[] {
  const oldest = world.scheduler.now - world.scenario.retentionMs;
  const kept = new Map(stored.map((event) => [event._id, event]));
  const problems: string[] = [];
  for (const item of events) {
    const { event } = item;
    const found = kept.get(event._id)?.timestamp;
    kept.delete(event._id);
    const fate = fateOf(item);
    if (fate === 'gone' && found !== undefined) problems.push(`${key.profileId}: ${event._id} was erased and is kept`);
    if (fate !== 'stays') continue;
    const isClamped = found !== undefined && event.timestamp > found + FUTURE_TOLERANCE_MS;
    const mayBeGone = found === undefined && event.timestamp <= oldest;
    // A clamped event's own time was its arrival: how old it is by now can't be told from what was sent.
    const mayBeGoneClamped =
      found === undefined && event.timestamp > world.scenario.pace.start && oldest > world.scenario.pace.start;
    if (found !== event.timestamp && !isClamped && !mayBeGone && !mayBeGoneClamped) {
      problems.push(`${key.profileId}: ${event._id} of ${event.timestamp} is kept at ${found}`);
    }
  }
  if (kept.size > 0) problems.push(`${key.profileId} keeps events of nobody: ${[...kept.keys()].join(', ')}`);
  return problems;
}

/** At this instant, for everybody. */
export async function verifyMemberships(world: World): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const subject of subjectsOf(world, await fatesOf(world))) {
    const { state } = subject.loaded;
    const events = await storedEvents(world, subject);
    const { rules, scenario, scheduler } = world;
    const situation = { rules, events, attributes: subject.attributes, retentionMs: scenario.retentionMs };
    const qualifies = qualifications(situation, scheduler.now);
    for (const { ordinal, expression, timeZone } of rules.definitions) {
      const expected = qualifies(ordinal);
      const found = state.memberships.get(ordinal)?.status === 'realized';
      if (expected === found) continue;
      const where = `${subject.key.profileId} at ${scheduler.now}`;
      problems.push(`${where} in "${expression}" (${timeZone ?? 'UTC'}): stored ${found}, in truth ${expected}`);
    }
    const gone = [...state.memberships.keys()].filter(
      (each) => !rules.definitions.some(({ ordinal }) => ordinal === each),
    );
    if (gone.length > 0)
      problems.push(`${subject.key.profileId} has memberships of deleted definitions: ${gone.join(', ')}`);
  }
  return problems;
}

/** An event is new once; in a world without faults everything that is kept was counted as new. */
function verifyCounts({ tally, scenario, isFaultless, hasErasures, clearedItems }: World): string[] {
  const events = new Set(scenario.sent.flatMap((item) => (item.kind === 'event' ? [item.event._id] : []))).size;
  const records = scenario.sent.filter(({ kind }) => kind === 'profile').length;
  const fresh = tally.applied + tally.irrelevant;
  const problems: string[] = [];
  if (isFaultless && fresh + tally.expired + tally.erased + clearedItems < events)
    problems.push(`${events} events were sent, ${fresh} counted as new`);
  // Who comes again after an erasure may be sent once more what came too early for it.
  if (!hasErasures && tally.applied > events + records)
    problems.push(`${tally.applied} of ${events + records} were counted as applied`);
  return problems;
}

/** Whatever can't be read is in quarantine, and nothing else is. */
function verifyQuarantine({ quarantine, scenario }: World): string[] {
  const texts = [...quarantine.rejected.values()].map(({ text }) => text);
  const markers = scenario.sent.flatMap((item) => (item.kind === 'poison' ? [item.marker] : []));
  const lost = markers.filter((marker) => !texts.some((text) => text.includes(marker)));
  const strangers = texts.filter((text) => !markers.some((marker) => text.includes(marker)));
  return [
    ...(lost.length > 0 ? [`not in quarantine: ${lost.join(', ')}`] : []),
    ...(strangers.length > 0 ? [`in quarantine for no reason: ${strangers.join(' | ')}`] : []),
  ];
}
