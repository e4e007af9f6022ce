/** Every profile of a page, evaluated whole, and what follows from it: a record for those that must be looked at again. */
import { type EvaluatedProfile, evaluateProfile, type JobView } from '#shared/batch/evaluate-profile.ts';
import { scheduledRules } from '#shared/batch/scheduled-rules.ts';
import type { SliceTally } from '#shared/batch/slice-tally.ts';
import { eachOf } from '#shared/kernel/concurrency.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { decodeAttributes, NO_ATTRIBUTES } from '#shared/profile/profile-attributes.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import type { WholeProfilePage } from '#shared/profile/profile-scan.ts';
import { isSomebody, type ProfileKey, profileKeyText, type StoredProfile } from '#shared/profile/profile-store.ts';
import type { WakeUp } from '#shared/profile/stream-record.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { PartOfJob, RangePorts, RangeSettings } from './ports.ts';
import { failureOf, storeFailure } from './store-failure.ts';

export interface Found {
  readonly profileId: string;
  /** Of the planned definitions that it is a member of. */
  readonly ordinals: readonly number[];
}

/** Profiles whose history is read at the same time. */
const PROFILES_AT_ONCE = 16;
/** Who changes during each of so many looks is somebody whom events reach: streaming looks at them anyway. */
const LOOKS_MAX = 4;
/** What reading a profile's history takes of the table at least. */
const HISTORY_READ_UNITS = 1;

export async function evaluatePage(
  page: WholeProfilePage['profiles'],
  part: PartOfJob,
  tally: SliceTally,
  ports: RangePorts,
  settings: RangeSettings,
): Promise<readonly Found[]> {
  // What was merged into another profile is no profile any more.
  const profiles = page.filter(([, stored]) => isSomebody(stored));
  if (profiles.length === 0) return [];
  // Rules after state: none of the page was written with newer ones than these.
  const rules = await ports.rules.current(part.job.sandboxName);
  const look = { part, rules, wanted: definitionsOf(part, rules), tally, ports, settings };
  const seen = new Map<string, Seen>();
  await eachOf(profiles, PROFILES_AT_ONCE, async ([key, stored]) => {
    const isEvaluated = part.job.kind === 'segment' && !stored.parked;
    const profile = await (isEvaluated ? evaluated : asStored)(key, stored, look).catch(failureOf);
    // Who is parked can't be brought up to date before an operator has looked: waiting for it would never end.
    if (profile)
      seen.set(key.profileId, { key, profile: { ...profile, isBehind: profile.isBehind && !stored.parked } });
    else tally.addFailed();
    if (stored.parked) tally.counts.parked += 1;
  });
  // In the order of the page, whichever was evaluated first: a page done again is the same page.
  const inOrder = profiles.flatMap(([{ profileId }]) => seen.get(profileId) ?? []);
  await leaveResults(inOrder, tally, ports);
  return inOrder.map(({ key, profile }) => ({ profileId: key.profileId, ordinals: tally.add(profile) }));
}

interface Seen {
  readonly key: ProfileKey;
  readonly profile: EvaluatedProfile;
}

function definitionsOf({ plan }: PartOfJob, rules: CompiledRules): Pick<JobView, 'definitions' | 'scheduled'> {
  const ordinals = new Set(plan.definitions.map(({ ordinal }) => ordinal));
  const planned = rules.definitions.filter(({ ordinal }) => ordinals.has(ordinal));
  return {
    definitions: planned.filter(({ kind }) => kind !== 'scheduled'),
    scheduled: scheduledRules(rules, ordinals),
  };
}

/**
 * What the job decides lies beside the profile before the one writer is told to look. Whoever is told by what is stored of
 * them, so that a process which died between the two is made up for by the next.
 */
async function leaveResults(seen: readonly Seen[], tally: SliceTally, ports: RangePorts): Promise<void> {
  const findings = seen.flatMap(({ key, profile: { decided } }) =>
    decided === undefined ? [] : [{ key, results: decided }],
  );
  if (findings.length > 0) await addBatchResults(findings, ports.results);
  const anew = seen.filter(({ profile }) => profile.isDecidedAnew || profile.drifted.length > 0);
  const behind = seen.filter(({ profile }) => profile.isBehind && !profile.isDecidedAnew);
  tally.counts.decided += seen.filter(({ profile }) => profile.isDecidedAnew).length;
  await wakeUp('batch', anew, ports);
  await wakeUp('rebuild', behind, ports);
}

interface Look {
  readonly part: PartOfJob;
  readonly rules: CompiledRules;
  readonly wanted: Pick<JobView, 'definitions' | 'scheduled'>;
  readonly tally: SliceTally;
  readonly ports: RangePorts;
  readonly settings: RangeSettings;
}

/**
 * A page is some moments old, and what is read of its profiles' history is newer: what looks like drift may be an event that
 * came in between. So it is believed only of a state that stood while its history was read.
 */
async function evaluated(key: ProfileKey, stored: StoredProfile, look: Look): Promise<EvaluatedProfile> {
  let current = stored;
  for (let attempt = 1; ; attempt++) {
    const found = await evaluateOnce(key, current, look);
    if (found.drifted.length === 0) return found;
    const now = await readAgain(key, look.ports);
    if (now === undefined || now.parked || !isSomebody(now)) return { ...found, drifted: [] };
    if (attempt > 1 && now.version === current.version) return found;
    if (attempt === LOOKS_MAX) return { ...found, drifted: [] };
    current = now;
  }
}

async function readAgain(key: ProfileKey, { profiles }: RangePorts): Promise<StoredProfile | undefined> {
  const read = await profiles.read([key], { withBatch: () => true }).catch(storeFailure);
  return read.get(profileKeyText(key));
}

async function evaluateOnce(key: ProfileKey, stored: StoredProfile, look: Look): Promise<EvaluatedProfile> {
  const { part, rules, wanted, tally, ports, settings } = look;
  const { asOf, overlaps: saysAll } = part.plan;
  const view: JobView = { rules, ...wanted, asOf, saysAll, retentionMs: settings.retentionMs, timed: tally.timed };
  const read = async (partition: ProfileKey, containing?: number) => {
    const chunks = await ports.history.read(partition, containing).catch(storeFailure);
    await ports.reads.take(Math.max(HISTORY_READ_UNITS, chunks.length / 4));
    return chunks;
  };
  const attributes = () => (stored.attributes === undefined ? NO_ATTRIBUTES : decodeAttributes(stored.attributes));
  return evaluateProfile(stored, view, (containing) => readHistoryEvents({ read }, key, attributes(), containing));
}

/** As it is stored: a walk that only looks who is behind. */
async function asStored(_key: ProfileKey, stored: StoredProfile, { rules }: Look): Promise<EvaluatedProfile> {
  const loaded = loadProfile(stored);
  const { memberships, rulesVersion } = loaded.state;
  const isBehind = rulesVersion < rules.version;
  return { loaded, memberships, isBehind, drifted: [], decided: undefined, isDecidedAnew: false };
}

async function wakeUp(cause: WakeUp['cause'], seen: readonly Seen[], ports: RangePorts): Promise<void> {
  if (seen.length === 0) return;
  await ports.wakeUps.send(
    cause,
    seen.map(({ key }) => key),
  );
  await ports.sends.take(seen.length);
}
