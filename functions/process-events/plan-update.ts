/** What to write for one profile: its update, its being set aside, or nothing. */

import { type ProfileAttributes, withErased } from '#shared/profile/profile-attributes.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import { EMPTY_STATE, encodeState } from '#shared/profile/profile-state.ts';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import { type WakeUp, wakeUpRecord } from '#shared/profile/stream-record.ts';
import { readsBatch } from '#shared/segment/compiled-rules.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { type ProfileItem, type ProfileUpdate, updateProfile } from '#shared/segment/profile-update.ts';
import { profileWrite } from '#shared/segment/profile-write.ts';
import { checkPlaces } from './check-places.ts';
import { eraseProfile, tendTombstone } from './erase-profile.ts';
import { followGraph } from './follow-graph.ts';
import type { Plan, Situation } from './plan.ts';
import type { Ports } from './ports.ts';
import { orStoreFailure, StoreFailure } from './store-failure.ts';
import type { PlacedItem, Progress, WorkItem } from './work.ts';

/** Of one profile applied by one write: what the items add must fit its item. */
const ITEMS_PER_WRITE_MAX = 100;
const BYTES_PER_WRITE_MAX = 96 * 1024;
/** So many fit whatever their size. */
const ITEMS_SURELY_FIT = 2;

/** Throws what a store threw. */
export async function planUpdate(progress: Progress, situation: Situation): Promise<Plan> {
  const { stored, ports } = situation;
  if (stored?.leadsTo !== undefined) return { kind: 'alias', leadsTo: stored.leadsTo };
  if (stored?.erasedAt !== undefined) return tendTombstone(progress, { stored, erasedAt: stored.erasedAt, ports });
  const order = progress.remaining.some(isErasure) ? await ports.erasures.find(progress.key) : undefined;
  try {
    const end = order && (await eraseProfile(order, progress.key, situation));
    if (end !== undefined) return end;
    if (stored?.parked) return await orStoreFailure(joinParked(progress, ports));
    const waiting = progress.remaining.filter(({ waits }) => waits);
    const reason = waiting.find(({ waits }) => waits?.reason)?.waits?.reason;
    if (reason) return await orStoreFailure(park(progress, reason, situation));
    return await planApplication(progress, waiting, situation);
  } catch (error) {
    if (error instanceof StoreFailure) throw error.cause;
    if (stored?.parked) return joinParked(progress, ports);
    return park(progress, error as Error, situation);
  }
}

const isErasure = ({ item }: PlacedItem) => item.kind === 'wake-up' && item.cause === 'erasure';

/** A redrive takes the mark away before it looks for items: those set aside under a mark that still stands are found. */
async function joinParked(progress: Progress, ports: Ports): Promise<Plan> {
  const { key, remaining: items } = progress;
  await setAside(progress, 'the profile is parked', ports);
  const stored = (await ports.profiles.read([key])).get(profileKeyText(key));
  return stored?.parked ? { kind: 'park', items, write: undefined } : { kind: 'misplaced', items };
}

/** What fails here fails at every delivery: the profile waits for an operator, and its shard goes on. */
export async function park(progress: Progress, reason: Error, { stored, rules, ports }: Situation): Promise<Plan> {
  const { key, remaining: items } = progress;
  const why = `${reason.name}: ${reason.message}`;
  await setAside(progress, why, ports);
  await setAsideWakeUp(progress, why, ports);
  const { version = 0, state = encodeState(EMPTY_STATE) } = stored ?? {};
  return {
    kind: 'park',
    items,
    write: { key, expectedVersion: version, rulesVersion: rules.version, state, parked: true },
  };
}

async function setAside({ key, remaining }: Progress, reason: string, { parking }: Ports): Promise<void> {
  const kept = remaining.flatMap((workItem) => {
    const { item, arrival } = workItem;
    if (item.kind === 'wake-up') return [];
    return [{ key, id: parkedId(workItem), reason, text: JSON.stringify(item.source), arrival }];
  });
  await Promise.all(kept.map((parked) => parking.put(parked)));
}

/** Where nothing but a wake-up failed it is kept, for an operator finds parked profiles by what waits for them. */
async function setAsideWakeUp({ key, remaining }: Progress, reason: string, { parking }: Ports): Promise<void> {
  const [first] = remaining;
  if (!first || remaining.some(({ item }) => item.kind !== 'wake-up')) return;
  const { cause } = first.item as WakeUp;
  await parking.put({ key, id: parkedId(first), reason, text: wakeUpRecord(cause, key), arrival: first.arrival });
}

const parkedId = ({ sequenceNumber, index }: WorkItem) => `${sequenceNumber}-${String(index).padStart(4, '0')}`;

const NOTHING: ProfileUpdate = { outcomes: [], next: undefined };

/** `waiting` is only to be set aside here, and there turned out to be nothing that it must wait for. */
async function planApplication(
  progress: Progress,
  waiting: readonly PlacedItem[],
  situation: Situation,
): Promise<Plan> {
  const { key } = progress;
  const { stored, rules, ports, settings } = situation;
  const loaded = loadProfile(stored, readsBatch(rules));
  if (waiting.length > 0) return { kind: 'misplaced', items: waiting };
  if (loaded.state.rulesVersion > rules.version) return { kind: 'outdated' };
  const graph = rules.identityGraph;
  const outdated = progress.remaining.filter((each) => each.graph !== undefined && each.graph !== graph);
  if (outdated.length > 0) return { kind: 'misplaced', items: outdated };
  // Where nobody is joined a profile has room for no second identity.
  const identitiesMax = rules.identityGraph === 'none' ? 1 : settings.identitiesMax;
  const { stay: taken, misplaced } = await orStoreFailure(
    checkPlaces(
      { items: itemsForOneWrite(progress.remaining), key, stored, loaded, ...settings, identitiesMax },
      ports,
    ),
  );
  if (misplaced.length > 0) return { kind: 'misplaced', items: misplaced };
  const followed = await orStoreFailure(followGraph({ key, loaded, rules, items: taken }, ports, settings));
  if (followed.kind === 'refused')
    throw new Error('the store refuses the profile taken apart, for instance for its size');
  if (followed.kind === 'regrouped') return { kind: 'misplaced', items: progress.remaining };
  const isNobody = loaded.version === 0 && taken.every(({ item }) => item.kind === 'wake-up');
  if (isNobody) return { kind: 'settled', taken, update: NOTHING };
  const update = await updateProfile(loaded, taken.map(ofProfile), {
    ...surroundingsOf(key, loaded, situation),
    attributes: withThoseErased(followed.attributes ?? loaded.attributes, taken),
  });
  if (update.next === undefined) return { kind: 'settled', taken, update };
  if (update.next.spilled) await orStoreFailure(ports.history.append(key, update.next.spilled));
  return { kind: 'write', taken, update, write: profileWrite(key, loaded, update.next, settings) };
}

/** Whoever begins anew here after an erasure has nothing of the past, though it may still lie where this profile reads. */
const withThoseErased = (attributes: ProfileAttributes, taken: readonly PlacedItem[]): ProfileAttributes =>
  taken.reduce((known, { erased }) => withErased(known, erased), attributes);

/** The item as the profile sees it: naming nobody else. */
const ofProfile = ({ item, identities }: PlacedItem): ProfileItem =>
  item.kind === 'wake-up' ? item : { ...item, identities };

function itemsForOneWrite(remaining: readonly PlacedItem[]): readonly PlacedItem[] {
  if (remaining.length <= ITEMS_SURELY_FIT) return remaining;
  const taken: PlacedItem[] = [];
  let bytes = 0;
  for (const placed of remaining.slice(0, ITEMS_PER_WRITE_MAX)) {
    const { item } = placed;
    bytes += item.kind === 'wake-up' ? 0 : JSON.stringify(item.source).length;
    if (bytes > BYTES_PER_WRITE_MAX && taken.length > 0) break;
    taken.push(placed);
  }
  return taken;
}

function surroundingsOf(key: ProfileKey, { attributes }: LoadedProfile, { rules, ports, settings }: Situation) {
  const committed = (containing?: number) =>
    orStoreFailure(readHistoryEvents(ports.history, key, attributes, containing));
  return { rules, now: ports.now(), retentionMs: settings.retentionMs, committed };
}
