/** Every profile of a page, evaluated whole, and what follows from it: a record for those that must be looked at again. */
import { type EvaluatedProfile, evaluateProfile, type JobView } from '#shared/batch/evaluate-profile.ts';
import type { SliceTally } from '#shared/batch/slice-tally.ts';
import { eachOf } from '#shared/kernel/concurrency.ts';
import { unpackAll } from '#shared/profile/history.ts';
import type { WholeProfilePage } from '#shared/profile/profile-scan.ts';
import type { ProfileKey, StoredProfile } from '#shared/profile/profile-store.ts';
import type { WakeUp } from '#shared/profile/stream-record.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { PartOfJob, RangePorts, RangeSettings } from './ports.ts';

export interface Found {
  readonly profileId: string;
  /** Of the planned definitions that it is a member of. */
  readonly ordinals: readonly number[];
}

/** Profiles whose history is read at the same time. */
const PROFILES_AT_ONCE = 16;
/** What reading a profile's history takes of the table at least. */
const HISTORY_READ_UNITS = 1;

/** The world failed, not the profile: the whole part is done again. */
class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

export async function evaluatePage(
  profiles: WholeProfilePage['profiles'],
  part: PartOfJob,
  tally: SliceTally,
  ports: RangePorts,
  settings: RangeSettings,
): Promise<readonly Found[]> {
  if (profiles.length === 0) return [];
  // Rules after state: none of the page was written with newer ones than these.
  const rules = await ports.rules.current(part.job.sandboxName);
  const found = new Map<string, Found>();
  const wake: Record<'batch' | 'rebuild', ProfileKey[]> = { batch: [], rebuild: [] };
  await eachOf(profiles, PROFILES_AT_ONCE, async ([key, stored]) => {
    const look = part.job.kind === 'segment' && !stored.parked ? evaluated : asStored;
    const seen = await look(key, stored, { part, rules, tally, ports, settings }).catch(failureOf);
    if (seen === undefined) {
      tally.counts.profiles += 1;
      tally.counts.failed += 1;
      return;
    }
    if (stored.parked) tally.counts.parked += 1;
    // Who is parked can't be brought up to date before an operator has looked: waiting for it would never end.
    const isBehind = seen.isBehind && !stored.parked;
    found.set(key.profileId, { profileId: key.profileId, ordinals: tally.add({ ...seen, isBehind }) });
    if (isBehind) wake.rebuild.push(key);
    else if (seen.drifted.length > 0) wake.batch.push(key);
  });
  await wakeUp('rebuild', wake.rebuild, ports);
  await wakeUp('batch', wake.batch, ports);
  // In the order of the page, whichever was evaluated first: a page done again is the same page.
  return profiles.flatMap(([{ profileId }]) => found.get(profileId) ?? []);
}

interface Look {
  readonly part: PartOfJob;
  readonly rules: CompiledRules;
  readonly tally: SliceTally;
  readonly ports: RangePorts;
  readonly settings: RangeSettings;
}

async function evaluated(key: ProfileKey, stored: StoredProfile, look: Look): Promise<EvaluatedProfile> {
  const { part, rules, tally, ports, settings } = look;
  const definitions = part.plan.definitions.flatMap(({ ordinal }) => rules.byOrdinal.get(ordinal) ?? []);
  const { asOf } = part.plan;
  const view: JobView = { rules, definitions, asOf, retentionMs: settings.retentionMs, timed: tally.timed };
  return evaluateProfile(stored, view, async (containing) => {
    const chunks = await ports.history.read(key, containing).catch(storeFailure);
    await ports.reads.take(Math.max(HISTORY_READ_UNITS, chunks.length / 4));
    return chunks.flatMap(({ events }) => unpackAll(events));
  });
}

/** As it is stored: a walk that only looks who is behind. */
async function asStored(_key: ProfileKey, stored: StoredProfile, { rules }: Look): Promise<EvaluatedProfile> {
  const loaded = loadProfile(stored);
  const { memberships, rulesVersion } = loaded.state;
  return { loaded, memberships, isBehind: rulesVersion < rules.version, drifted: [] };
}

function storeFailure(cause: unknown): never {
  throw new StoreFailure('a store failed', { cause });
}

function failureOf(error: unknown): undefined {
  if (error instanceof StoreFailure) throw error.cause;
  return undefined;
}

async function wakeUp(cause: WakeUp['cause'], keys: readonly ProfileKey[], ports: RangePorts): Promise<void> {
  if (keys.length === 0) return;
  await ports.wakeUps.send(cause, keys);
  await ports.sends.take(keys.length);
}
