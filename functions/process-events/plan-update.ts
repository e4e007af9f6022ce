/** What to write for one profile: its update, its being set aside, or nothing. */
import { hash32 } from '#shared/profile/hash.ts';
import { type HistoryChunk, unpackAll } from '#shared/profile/history.ts';
import { encodeAttributes } from '#shared/profile/profile-attributes.ts';
import { EMPTY_STATE, encodeState } from '#shared/profile/profile-state.ts';
import {
  type ProfileKey,
  type ProfileWrite,
  profileKeyText,
  type StoredProfile,
} from '#shared/profile/profile-store.ts';
import { type WakeUp, wakeUpRecord } from '#shared/profile/stream-record.ts';
import { type CompiledRules, readsBatch } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { type ProfileUpdate, updateProfile } from '#shared/segment/profile-update.ts';
import type { Ports, Settings } from './ports.ts';
import type { Progress, WorkItem } from './work.ts';

/** Of one profile applied by one write: what the items add must fit its item. */
const ITEMS_PER_WRITE_MAX = 100;
const BYTES_PER_WRITE_MAX = 96 * 1024;
/** So many fit whatever their size. */
const ITEMS_SURELY_FIT = 2;

export type Plan =
  /** Nothing to write; `taken` items are finished. */
  | { readonly kind: 'settled'; readonly taken: number; readonly update: ProfileUpdate }
  | { readonly kind: 'write'; readonly taken: number; readonly update: ProfileUpdate; readonly write: ProfileWrite }
  /** What was read is no longer so: rules older than those of the state, or a mark that was taken away. */
  | { readonly kind: 'outdated' }
  /** Its items were set aside; `write` marks it, where it was not marked before. */
  | { readonly kind: 'park'; readonly write: ProfileWrite | undefined };

export interface Situation {
  readonly stored: StoredProfile | undefined;
  readonly rules: CompiledRules;
  readonly ports: Ports;
  readonly settings: Settings;
}

/** A store failed: the same attempt may succeed later, so it is nobody's fault and nothing is set aside for it. */
class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

const orStoreFailure = <Value>(work: Promise<Value>): Promise<Value> =>
  work.catch((cause: unknown) => {
    throw new StoreFailure('a store failed', { cause });
  });

/** Throws what a store threw. */
export async function planUpdate(progress: Progress, situation: Situation): Promise<Plan> {
  const { stored, ports } = situation;
  if (stored?.parked) return joinParked(progress, ports);
  try {
    return await planApplication(progress, situation);
  } catch (error) {
    if (error instanceof StoreFailure) throw error.cause;
    return park(progress, error as Error, situation);
  }
}

/** A redrive takes the mark away before it looks for items: those set aside under a mark that still stands are found. */
async function joinParked(progress: Progress, ports: Ports): Promise<Plan> {
  const { key } = progress.work;
  await setAside(progress, 'the profile is parked', ports);
  const stored = (await ports.profiles.read([key])).get(profileKeyText(key));
  return stored?.parked ? { kind: 'park', write: undefined } : { kind: 'outdated' };
}

/** What fails here fails at every delivery: the profile waits for an operator, and its shard goes on. */
export async function park(progress: Progress, reason: Error, { stored, rules, ports }: Situation): Promise<Plan> {
  const why = `${reason.name}: ${reason.message}`;
  await setAside(progress, why, ports);
  await setAsideWakeUp(progress, why, ports);
  const { version = 0, state = encodeState(EMPTY_STATE) } = stored ?? {};
  const { key } = progress.work;
  return {
    kind: 'park',
    write: { key, expectedVersion: version, rulesVersion: rules.version, state, parked: true },
  };
}

async function setAside({ work, remaining }: Progress, reason: string, { parking }: Ports): Promise<void> {
  const kept = remaining.flatMap((workItem) => {
    const { item, arrival } = workItem;
    if (item.kind === 'wake-up') return [];
    return [{ key: work.key, id: parkedId(workItem), reason, text: JSON.stringify(item.source), arrival }];
  });
  await Promise.all(kept.map((parked) => parking.put(parked)));
}

/** Where nothing but a wake-up failed it is kept, for an operator finds parked profiles by what waits for them. */
async function setAsideWakeUp({ work, remaining }: Progress, reason: string, { parking }: Ports): Promise<void> {
  const [first] = remaining;
  const { key } = work;
  if (!first || remaining.some(({ item }) => item.kind !== 'wake-up')) return;
  const { cause } = first.item as WakeUp;
  await parking.put({ key, id: parkedId(first), reason, text: wakeUpRecord(cause, key), arrival: first.arrival });
}

const parkedId = ({ sequenceNumber, index }: WorkItem) => `${sequenceNumber}-${String(index).padStart(4, '0')}`;

const NOTHING: ProfileUpdate = { outcomes: [], next: undefined };

async function planApplication(progress: Progress, situation: Situation): Promise<Plan> {
  const { key } = progress.work;
  const { stored, rules, ports, settings } = situation;
  const loaded = loadProfile(stored, readsBatch(rules));
  if (loaded.state.rulesVersion > rules.version) return { kind: 'outdated' };
  const items = itemsForOneWrite(progress.remaining);
  const taken = items.length;
  const isNobody = loaded.version === 0 && items.every(({ item }) => item.kind === 'wake-up');
  if (isNobody) return { kind: 'settled', taken, update: NOTHING };
  const update = await updateProfile(
    loaded,
    items.map(({ item }) => item),
    surroundingsOf(key, situation),
  );
  if (update.next === undefined) return { kind: 'settled', taken, update };
  if (update.next.spilled) await orStoreFailure(ports.history.append(key, update.next.spilled));
  return { kind: 'write', taken, update, write: writeOf(key, loaded, rules, update.next, settings) };
}

function itemsForOneWrite(remaining: readonly WorkItem[]): readonly WorkItem[] {
  if (remaining.length <= ITEMS_SURELY_FIT) return remaining;
  const taken: WorkItem[] = [];
  let bytes = 0;
  for (const workItem of remaining.slice(0, ITEMS_PER_WRITE_MAX)) {
    const { item } = workItem;
    bytes += item.kind === 'wake-up' ? 0 : JSON.stringify(item.source).length;
    if (bytes > BYTES_PER_WRITE_MAX && taken.length > 0) break;
    taken.push(workItem);
  }
  return taken;
}

function surroundingsOf(key: ProfileKey, { rules, ports, settings }: Situation) {
  const eventsOf = (chunks: readonly HistoryChunk[]) => chunks.flatMap(({ events }) => unpackAll(events));
  const committed = async (containing?: number) => eventsOf(await orStoreFailure(ports.history.read(key, containing)));
  return { rules, now: ports.now(), retentionMs: settings.retentionMs, committed };
}

function writeOf(
  key: ProfileKey,
  loaded: LoadedProfile,
  rules: CompiledRules,
  next: NonNullable<ProfileUpdate['next']>,
  { dueShards }: Settings,
): ProfileWrite {
  const { encoded, dueAt, encodedChanges, attributes, attributesChanged } = next;
  return {
    key,
    expectedVersion: loaded.version,
    rulesVersion: rules.version,
    state: encoded,
    due: dueAt === undefined ? undefined : { shard: hash32(key.profileId) % dueShards, at: dueAt },
    changes: encodedChanges,
    attributes: attributesChanged ? encodeAttributes(attributes) : undefined,
    // A profile without any says nothing, so that nobody pays for what nobody uses.
    batchVersion: loaded.batchVersion || undefined,
  };
}
