/**
 * Goes through the versions of a profile one by one: what each knew, what it therefore had to say, and that whatever it
 * says time did, time did at that very instant.
 */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { sortEvents } from '#shared/profile/history.ts';
import { identityKey } from '#shared/profile/identity.ts';
import { ownEvents, primaryKeyOf } from '#shared/profile/identity-graph.ts';
import { DEFAULT_MERGE, mergeFragments } from '#shared/profile/merge-policy.ts';
import { unpackEvent } from '#shared/profile/packed-event.ts';
import { decodeAttributes, NO_ATTRIBUTES, type ProfileAttributes } from '#shared/profile/profile-attributes.ts';
import { decodeState, EMPTY_STATE, type ProfileState } from '#shared/profile/profile-state.ts';
import { isSomebody, type ProfileWrite, profileKeyText } from '#shared/profile/profile-store.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import type { MembershipChange } from '#shared/segment/evaluation.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import { qualifications, type Situation } from './oracle.ts';
import type { World } from './world.ts';

/** So many versions of a profile are looked at closely. */
const VERSIONS_MAX = 12;

interface Version {
  readonly write: ProfileWrite;
  readonly before: ProfileState;
  readonly state: ProfileState;
  readonly changes: readonly MembershipChange[];
  readonly rules: RulesArtifact;
  readonly attributesBefore: Situation['attributes'];
  readonly attributes: Situation['attributes'];
  /** Up to the version before. */
  readonly knownBefore: readonly StoredEvent[];
  readonly known: readonly StoredEvent[];
}

/** Of every profile that there ever was. */
export function verifyTimelines(world: World): readonly string[] {
  return [...versionsByProfile(world).values()].flatMap((versions) => verifyTimeline(world, versions));
}

function verifyTimeline(world: World, versions: readonly Version[]): readonly string[] {
  const every = Math.ceil(versions.length / VERSIONS_MAX);
  return versions.flatMap((version, index) => [
    ...verifyBounds(version),
    ...verifyTimes(world, version),
    ...((index + versions.length) % every === 0
      ? [...verifyState(world, version), ...verifyBetween(world, version)]
      : []),
  ]);
}

/** What is known of a profile after its last version so far. */
interface Latest {
  readonly state: ProfileState;
  readonly attributes: ProfileAttributes;
  /** Everything in its partitions, those of others among it. */
  readonly kept: readonly StoredEvent[];
  readonly known: readonly StoredEvent[];
}

const NOTHING: Latest = { state: EMPTY_STATE, attributes: NO_ATTRIBUTES, kept: [], known: [] };

/** Writes in the order in which they were made, for what a merged profile knows it knows from others. */
function versionsByProfile({ profiles, artifactByVersion }: World): ReadonlyMap<string, readonly Version[]> {
  const versions = new Map<string, Version[]>();
  const latest = new Map<string, Latest>();
  const erasedAt = new Map<string, number>();
  for (const write of profiles.log) {
    const name = profileKeyText(write.key);
    const before = latest.get(name) ?? NOTHING;
    for (const identity of write.erasedAt === undefined ? [] : before.attributes.identities)
      erasedAt.set(identityKey(identity), write.erasedAt as number);
    const after = latestAfter(write, before, { latest, erasedAt });
    latest.set(name, after);
    const changes = write.changes ? decodeChanges(write.changes) : [];
    const rules = artifactByVersion.get(after.state.rulesVersion) as RulesArtifact;
    const version = {
      write,
      before: before.state,
      state: after.state,
      changes,
      rules,
      attributesBefore: viewOf(before),
      attributes: viewOf(after),
      knownBefore: before.known,
      known: after.known,
    };
    versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return versions;
}

const viewOf = ({ attributes: { fragments } }: Latest) => mergeFragments(fragments, DEFAULT_MERGE);

interface Past {
  readonly latest: ReadonlyMap<string, Latest>;
  /** When whom an identity led to was erased last. */
  readonly erasedAt: ReadonlyMap<string, number>;
}

/** What an erased person did stays in partitions that others share, until it is cleared away: it is nobody's all the same. */
function latestAfter(write: ProfileWrite, before: Latest, { latest, erasedAt }: Past): Latest {
  const state = decodeState(write.state);
  if (write.erasedAt !== undefined) return { ...NOTHING, state };
  const attributes = write.attributes ? decodeAttributes(write.attributes) : before.attributes;
  const { partitions = [] } = attributes;
  const others = partitions.flatMap((profileId) => latest.get(profileKeyText({ ...write.key, profileId }))?.kept ?? []);
  const added = state.tail.map(({ packed }) => unpackEvent(packed));
  const kept = sortEvents([...before.kept, ...others, ...added]);
  const isTheirs = (event: StoredEvent) =>
    event.timestamp > (erasedAt.get(primaryKeyOf(event) ?? '') ?? Number.NEGATIVE_INFINITY);
  return { state, attributes, kept, known: ownEvents(kept, attributes).filter(isTheirs) };
}

const nameOf = ({ write: { key, expectedVersion } }: Version) => `${key.profileId} version ${expectedVersion + 1}`;

/** Time and rules never go back, and what is stored of a membership is its last change. */
function verifyBounds(version: Version): string[] {
  const { before, state, changes, write } = version;
  const problems: string[] = [];
  if (state.evaluatedAt < before.evaluatedAt) problems.push('was evaluated before the one before');
  if (state.rulesVersion < before.rulesVersion) problems.push('knows older rules than the one before');
  if (write.due && write.due.at <= state.evaluatedAt && before.evaluatedAt < state.evaluatedAt) {
    problems.push('is due again at once');
  }
  const statuses = new Map([...before.memberships].map(([ordinal, { status }]) => [ordinal, status]));
  for (const { segmentOrdinal, status, time } of changes) {
    if ((statuses.get(segmentOrdinal) ?? 'exited') === status)
      problems.push(`${segmentOrdinal} became ${status} twice`);
    if (time < before.evaluatedAt || time > state.evaluatedAt) problems.push(`a change has the time ${time}`);
    statuses.set(segmentOrdinal, status);
  }
  for (const [ordinal, status] of isSomebody(write) ? [] : statuses) {
    if (status === 'realized') problems.push(`${ordinal} was not left`);
  }
  for (const [ordinal, { status, lastQualificationTime }] of state.memberships) {
    const last = changes.findLast(({ segmentOrdinal }) => segmentOrdinal === ordinal);
    const since = last?.time ?? before.memberships.get(ordinal)?.lastQualificationTime;
    if (statuses.get(ordinal) !== status || since !== lastQualificationTime) {
      problems.push(`${ordinal} is ${status} since ${lastQualificationTime}, not as its changes say`);
    }
  }
  return problems.map((problem) => `${nameOf(version)}: ${problem}`);
}

/** Definitions that meant the same before this version, and all that they read. */
function unchangedOrdinals({ before, rules }: Version): ReadonlySet<number> {
  const unchanged = new Set(
    rules.definitions.filter(({ since }) => since <= before.rulesVersion).map(({ ordinal }) => ordinal),
  );
  const { definitions } = rules;
  for (let left = definitions.length; left > 0; left--) {
    for (const { ordinal, expression } of definitions) {
      const [, read] = /inSegment\("([^"]+)"\)/.exec(expression) ?? [];
      if (read === undefined) continue;
      const target = definitions.find(({ id }) => id === read);
      if (target === undefined || !unchanged.has(target.ordinal)) unchanged.delete(ordinal);
    }
  }
  return unchanged;
}

const situationBefore = ({ scenario }: World, { rules, knownBefore, attributesBefore }: Version): Situation => ({
  rules,
  events: knownBefore,
  attributes: attributesBefore,
  retentionMs: scenario.retentionMs,
});

/** A change by time stands at the boundary: the millisecond before was different. */
function verifyTimes(world: World, version: Version): string[] {
  const unchanged = unchangedOrdinals(version);
  const situation = situationBefore(world, version);
  return version.changes.flatMap(({ segmentOrdinal, status, time, cause }) => {
    if (cause !== 'time') return [];
    const name = `${nameOf(version)}: ${segmentOrdinal} ${status} by time at ${time}`;
    const definition = version.rules.definitions.find(({ ordinal }) => ordinal === segmentOrdinal);
    if (definition === undefined || definition.since > version.before.rulesVersion)
      return [`${name}, before it was published`];
    if (!unchanged.has(segmentOrdinal)) return [];
    const isMember = status === 'realized';
    const at = qualifications(situation, time)(segmentOrdinal);
    const justBefore = qualifications(situation, time - 1)(segmentOrdinal);
    return at === isMember && justBefore !== isMember
      ? []
      : [`${name}, but it was ${justBefore} before and ${at} then`];
  });
}

/** At its own instant, with all that it knows. */
function verifyState({ scenario }: World, version: Version): string[] {
  const { rules, known, attributes, state, write } = version;
  if (write.parked || !isSomebody(write) || state.evaluatedAt === 0 || state === version.before) return [];
  const qualifies = qualifications(
    { rules, events: known, attributes, retentionMs: scenario.retentionMs },
    state.evaluatedAt,
  );
  return rules.definitions.flatMap(({ ordinal, expression }) => {
    const found = state.memberships.get(ordinal)?.status === 'realized';
    const expected = qualifies(ordinal);
    return found === expected ? [] : [`${nameOf(version)}: in "${expression}" ${found}, in truth ${expected}`];
  });
}

/** At instants between two evaluations, with what was known at the first: no change by time was passed over. */
function verifyBetween(world: World, version: Version): string[] {
  const { before, state, changes } = version;
  const span = state.evaluatedAt - before.evaluatedAt;
  if (before.evaluatedAt === 0 || span < 2) return [];
  const unchanged = unchangedOrdinals(version);
  const situation = situationBefore(world, version);
  return [1, Math.floor(span / 3), Math.floor((2 * span) / 3), span - 1].flatMap((offset) => {
    const instant = before.evaluatedAt + offset;
    const qualifies = qualifications(situation, instant);
    return [...unchanged].flatMap((ordinal) => {
      const past = changes.findLast((change) => change.segmentOrdinal === ordinal && change.time <= instant);
      const found = (past ?? before.memberships.get(ordinal))?.status === 'realized';
      const expected = qualifies(ordinal);
      return found === expected
        ? []
        : [`${nameOf(version)}: ${ordinal} was ${found} at ${instant}, in truth ${expected}`];
    });
  });
}
