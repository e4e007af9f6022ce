/**
 * `node generate.ts FILE PROFILES SEED`: people who lived a month, brought up to date record by record as streaming does,
 * into a file; on standard output what their memberships come to, and in how many the plain evaluator disagrees.
 */

import { qualifications } from '#local/simulator/oracle.ts';
import type { Random } from '#local/simulator/random.ts';
import type { ReceivedEvent, StoredEvent } from '#shared/profile/experience-event.ts';
import { unpackAll } from '#shared/profile/history.ts';
import { encodeAttributes, NO_ATTRIBUTES } from '#shared/profile/profile-attributes.ts';
import { EMPTY_STATE } from '#shared/profile/profile-state.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import type { LoadedProfile } from '#shared/segment/loaded-profile.ts';
import { type ProfileItem, updateProfile } from '#shared/segment/profile-update.ts';
import { publish } from '../rules.ts';
import { DAY_MS, makeEvent, START } from '../workload/events.ts';
import { makeProfiles } from '../workload/profiles.ts';
import { makeSegments } from '../workload/segments.ts';
import { randomOf } from '../workload/tables.ts';
import { ProfileFile, SANDBOX } from './profile-file.ts';
import { AS_OF, DEFINITIONS, RETENTION_MS } from './settings.ts';

const SPAN_MS = AS_OF - START - DAY_MS;
const EVENTS_MAX = 8;
const SAMPLED_ONE_IN = 500;

interface Life {
  readonly loaded: LoadedProfile;
  readonly encoded: Uint8Array;
  readonly events: readonly StoredEvent[];
}

function eventOf(random: Random, pi: number, index: number): ReceivedEvent {
  const at = START + Math.floor(random.next() * SPAN_MS);
  const {
    id,
    pi: _pi,
    profileId: _profileId,
    ts,
    type,
    ...fields
  } = makeEvent(random, pi * EVENTS_MAX + index, pi, at);
  const event: StoredEvent = { ...fields, _id: id, timestamp: ts, eventType: type };
  return { kind: 'event', source: {}, sandboxName: SANDBOX, identities: identitiesOf(pi), event, declared: ts };
}

const identitiesOf = (pi: number) => [{ namespace: 'CRMID', id: `c${pi}`, primary: true }];

async function live(
  pi: number,
  attributes: Readonly<Record<string, unknown>>,
  rules: CompiledRules,
  file: ProfileFile,
): Promise<Life> {
  const random = randomOf(7, pi);
  const events = Array.from({ length: random.below(EVENTS_MAX + 1) }, (_, index) => eventOf(random, pi, index));
  events.sort((left, right) => left.event.timestamp - right.event.timestamp);
  const identities = identitiesOf(pi);
  const record = { kind: 'profile', source: {}, sandboxName: SANDBOX, identities, datasetId: 'crm' } as const;
  const steps: (readonly [number, ProfileItem])[] = [
    [START, { ...record, timestamp: START, attributes }],
    ...events.map((event) => [event.event.timestamp, event] as const),
    [AS_OF, { kind: 'wake-up', cause: 'timer', sandboxName: SANDBOX, profileId: idOf(pi) }],
  ];
  let loaded: LoadedProfile = { version: 0, state: EMPTY_STATE, dueAt: undefined, attributes: NO_ATTRIBUTES };
  let encoded: Uint8Array = new Uint8Array();
  const key = { sandboxName: SANDBOX, profileId: idOf(pi) };
  const committed = async () => (await file.read(key)).flatMap((chunk) => unpackAll(chunk.events));
  for (const [now, item] of steps) {
    const { next } = await updateProfile(loaded, [item], { rules, now, retentionMs: RETENTION_MS, committed });
    if (next === undefined) continue;
    if (next.spilled) await file.append(key, next.spilled);
    const { state, dueAt, attributes: known } = next;
    loaded = { version: loaded.version + 1, state, dueAt, attributes: known };
    encoded = next.encoded;
  }
  return { loaded, encoded, events: events.map(({ event }) => event) };
}

const idOf = (pi: number) => `profile-${pi.toString(36).padStart(8, '0')}`;

async function main(path: string, profiles: number, seed: number): Promise<object> {
  const rules = publish(makeSegments(DEFINITIONS, { seed: seed + 41 }));
  const file = new ProfileFile(path);
  const members = new Map<number, number>();
  const found = { events: 0, sampled: 0, compared: 0, wrong: 0 };
  await file.fill(async () => {
    for (const [pi, attributes] of makeProfiles(profiles, seed).entries()) {
      const { loaded, encoded: state, events } = await live(pi, attributes, rules, file);
      file.put(idOf(pi), { ...stored(loaded), state });
      found.events += events.length;
      for (const [ordinal, { status }] of loaded.state.memberships) {
        if (status === 'realized') members.set(ordinal, (members.get(ordinal) ?? 0) + 1);
      }
      if (pi % SAMPLED_ONE_IN === 0) compare(loaded, events, attributes, rules, found);
    }
  });
  file.close();
  return { profiles, ...found, asOf: AS_OF, members: Object.fromEntries([...members].sort(([a], [b]) => a - b)) };
}

const stored = ({ version, dueAt, attributes }: LoadedProfile) => ({
  version,
  ...(dueAt !== undefined && { dueAt }),
  attributes: encodeAttributes(attributes),
});

function compare(
  { state }: LoadedProfile,
  events: readonly StoredEvent[],
  attributes: Readonly<Record<string, unknown>>,
  { artifact, definitions }: CompiledRules,
  found: { sampled: number; compared: number; wrong: number },
): void {
  found.sampled += 1;
  const qualifies = qualifications({ rules: artifact, attributes, events, retentionMs: RETENTION_MS }, AS_OF);
  for (const { ordinal } of definitions) {
    found.compared += 1;
    if ((state.memberships.get(ordinal)?.status === 'realized') !== qualifies(ordinal)) found.wrong += 1;
  }
}

const [path = '', profiles = '20000', seed = '1'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await main(path, Number(profiles), Number(seed))));
