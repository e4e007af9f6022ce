/**
 * Brings profiles up to date, many at once: one read, one write each. A write that meets another's is a conflict: the
 * profile is read again and everything computed anew, so the order of a profile is its version and nothing else.
 */
import { hash32 } from '#shared/profile/hash.ts';
import { type HistoryChunk, unpackAll } from '#shared/profile/history.ts';
import { encodeAttributes } from '#shared/profile/profile-attributes.ts';
import {
  type ProfileKey,
  type ProfileWrite,
  profileKeyText,
  type StoredProfile,
} from '#shared/profile/profile-store.ts';
import { encodeChanges } from '#shared/segment/change-codec.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import {
  type EventOutcome,
  type ProfileItem,
  type ProfileUpdate,
  updateProfile,
} from '#shared/segment/profile-update.ts';
import type { Ports, Settings } from './ports.ts';

/** All that a batch holds for one profile. */
export interface ProfileWork {
  readonly key: ProfileKey;
  readonly items: readonly ProfileItem[];
}

export interface WorkResult {
  readonly work: ProfileWork;
  readonly outcomes: readonly EventOutcome[];
  readonly changes: number;
  readonly conflicts: number;
  /** Why it could not be finished; then the stream delivers it again. */
  readonly error?: unknown;
}

/** Events of one profile applied by one write: what they add must fit the item. */
const ITEMS_PER_WRITE_MAX = 100;
const ATTEMPTS_MAX = 12;

interface Progress {
  readonly work: ProfileWork;
  readonly outcomes: EventOutcome[];
  remaining: readonly ProfileItem[];
  changes: number;
  conflicts: number;
  error?: unknown;
}

export async function updateProfiles(
  works: readonly ProfileWork[],
  ports: Ports,
  settings: Settings,
): Promise<readonly WorkResult[]> {
  const all = works.map((work): Progress => ({ work, outcomes: [], remaining: work.items, changes: 0, conflicts: 0 }));
  for (let open = all; open.length > 0; open = open.filter(({ remaining, error }) => remaining.length > 0 && !error)) {
    await runRound(open, ports, settings);
  }
  return all;
}

async function runRound(open: readonly Progress[], ports: Ports, settings: Settings): Promise<void> {
  // Rules before state: whoever wrote the state had rules at least as old as those read here, or newer ones were published since.
  const rules = await readRules(open, ports);
  const stored = await ports.profiles.read(open.map(({ work }) => work.key));
  const planned = await Promise.all(open.map((progress) => plan(progress, stored, rules, ports, settings)));
  const pending = planned.filter((entry) => entry !== undefined);
  const outcomes = await ports.profiles.write(pending.map(({ write }) => write));
  for (const [index, { progress, update, taken }] of pending.entries()) {
    if (outcomes[index] === 'written') settle(progress, update, taken);
    else collide(progress);
  }
}

async function readRules(open: readonly Progress[], { rules }: Ports): Promise<ReadonlyMap<string, CompiledRules>> {
  const names = [...new Set(open.map(({ work }) => work.key.sandboxName))];
  return new Map(await Promise.all(names.map(async (name) => [name, await rules.current(name)] as const)));
}

interface Planned {
  readonly progress: Progress;
  readonly update: ProfileUpdate;
  readonly taken: number;
  readonly write: ProfileWrite;
}

/** Undefined where nothing has to be written: it is settled, waits for newer rules, or failed. */
async function plan(
  progress: Progress,
  stored: ReadonlyMap<string, StoredProfile>,
  rulesBySandbox: ReadonlyMap<string, CompiledRules>,
  ports: Ports,
  settings: Settings,
): Promise<Planned | undefined> {
  const { key } = progress.work;
  try {
    const loaded = loadProfile(stored.get(profileKeyText(key)));
    const rules = rulesBySandbox.get(key.sandboxName) as CompiledRules;
    if (loaded.state.rulesVersion > rules.version) return collide(progress);
    const items = progress.remaining.slice(0, ITEMS_PER_WRITE_MAX);
    const isEmpty = loaded.version === 0 && items.every(({ kind }) => kind === 'wake-up');
    const update = isEmpty ? NOTHING : await updateProfile(loaded, items, surroundingsOf(key, rules, ports, settings));
    if (update.next === undefined) return settle(progress, update, items.length);
    if (update.next.spilled) await ports.history.append(key, update.next.spilled);
    return { progress, update, taken: items.length, write: writeOf(key, loaded, rules, update.next, settings) };
  } catch (error) {
    progress.error = error;
    return undefined;
  }
}

const NOTHING: ProfileUpdate = { outcomes: [], next: undefined };

function surroundingsOf(key: ProfileKey, rules: CompiledRules, { history, now }: Ports, { retentionMs }: Settings) {
  const eventsOf = (chunks: readonly HistoryChunk[]) => chunks.flatMap(({ events }) => unpackAll(events));
  const committed = async (containing?: number) => eventsOf(await history.read(key, containing));
  return { rules, now: now(), retentionMs, committed };
}

function writeOf(
  key: ProfileKey,
  loaded: LoadedProfile,
  rules: CompiledRules,
  next: NonNullable<ProfileUpdate['next']>,
  { dueShards }: Settings,
): ProfileWrite {
  const { encoded, dueAt, changes, attributes, attributesChanged } = next;
  return {
    key,
    expectedVersion: loaded.version,
    rulesVersion: rules.version,
    state: encoded,
    due: dueAt === undefined ? undefined : { shard: hash32(key.profileId) % dueShards, at: dueAt },
    changes: changes.length > 0 ? encodeChanges(changes) : undefined,
    attributes: attributesChanged ? encodeAttributes(attributes) : undefined,
  };
}

function settle(progress: Progress, update: ProfileUpdate, taken: number): undefined {
  progress.outcomes.push(...update.outcomes);
  progress.changes += update.next?.changes.length ?? 0;
  progress.remaining = progress.remaining.slice(taken);
}

function collide(progress: Progress): undefined {
  progress.conflicts += 1;
  if (progress.conflicts >= ATTEMPTS_MAX)
    progress.error = new Error(`${ATTEMPTS_MAX} conflicting writes to one profile`);
}
