/**
 * Goes through the versions of a profile one by one: what each knew, what it therefore had to say, and that whatever it
 * says time did, time did at that very instant.
 */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { DEFAULT_MERGE, mergeFragments } from '#shared/profile/merge-policy.ts';
import { unpackEvent } from '#shared/profile/packed-event.ts';
import { decodeAttributes } from '#shared/profile/profile-attributes.ts';
import { decodeState, EMPTY_STATE, type ProfileState } from '#shared/profile/profile-state.ts';
import { type ProfileKey, type ProfileWrite, profileKeyText } from '#shared/profile/profile-store.ts';
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

export function verifyTimeline(world: World, key: ProfileKey): readonly string[] {
  const versions = versionsOf(world, key);
  const every = Math.ceil(versions.length / VERSIONS_MAX);
  return versions.flatMap((version, index) => [
    ...verifyBounds(version),
    ...verifyTimes(world, version),
    ...((index + versions.length) % every === 0
      ? [...verifyState(world, version), ...verifyBetween(world, version)]
      : []),
  ]);
}

function versionsOf(world: World, key: ProfileKey): readonly Version[] {
  const versions: Version[] = [];
  const known = new Map<string, StoredEvent>();
  let before = EMPTY_STATE;
  let attributesBefore: Situation['attributes'] = {};
  for (const write of world.profiles.log.filter((each) => profileKeyText(each.key) === profileKeyText(key))) {
    const state = decodeState(write.state);
    const knownBefore = [...known.values()];
    for (const { packed } of state.tail) {
      const event = unpackEvent(packed);
      known.set(event._id, event);
    }
    const attributes = write.attributes
      ? mergeFragments(decodeAttributes(write.attributes).fragments, DEFAULT_MERGE)
      : attributesBefore;
    const changes = write.changes ? decodeChanges(write.changes) : [];
    const rules = world.artifactByVersion.get(state.rulesVersion) as RulesArtifact;
    const events = { knownBefore, known: [...known.values()] };
    versions.push({ write, before, state, changes, rules, attributesBefore, attributes, ...events });
    [before, attributesBefore] = [state, attributes];
  }
  return versions;
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
  if (write.parked || state.evaluatedAt === 0 || state === version.before) return [];
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
