/**
 * Brings profiles up to date, many at once: one read, one write each. A write that meets another's is a conflict: the
 * profile is read again and everything computed anew, so the order of a profile is its version and nothing else. Where a
 * profile turns out to be an alias, or an item to be somebody else's, the item goes there.
 */
import {
  type ProfileKey,
  profileKeyText,
  type StoredProfile,
  type WriteOutcome,
} from '#shared/profile/profile-store.ts';
import { type CompiledRules, readsBatch } from '#shared/segment/compiled-rules.ts';
import type { ProfileUpdate } from '#shared/segment/profile-update.ts';
import { type Placements, placeItems } from './place-items.ts';
import type { Plan, Situation } from './plan.ts';
import { park, planUpdate } from './plan-update.ts';
import type { Ports, Settings } from './ports.ts';
import { type PlacedItem, type Progress, progressOf, type WorkItem, type WorkResult } from './work.ts';

const ATTEMPTS_MAX = 12;

export interface UpdateResult {
  readonly results: readonly WorkResult[];
  /** Profiles that became part of another. */
  readonly merges: number;
  /** Links between profiles that were not followed. */
  readonly refusedLinks: number;
}

export async function updateProfiles(
  items: readonly WorkItem[],
  ports: Ports,
  settings: Settings,
): Promise<UpdateResult> {
  const batch = new Batch();
  for (let unplaced = items; unplaced.length > 0; unplaced = batch.takeUnplaced()) {
    batch.place(await placeItems(unplaced, ports, settings));
    for (let open = batch.open(); open.length > 0; open = batch.open()) await runRound(open, batch, ports, settings);
  }
  return { results: batch.results(), merges: batch.merges, refusedLinks: batch.refusedLinks };
}

/** What the items of a batch have come to, by profile. */
class Batch {
  merges = 0;
  refusedLinks = 0;
  readonly #byProfile = new Map<string, Progress>();
  readonly #failures: WorkResult[] = [];
  readonly #erased: WorkResult[] = [];
  #unplaced: WorkItem[] = [];

  place({ placements, failures, erased, merges, refusedLinks }: Placements): void {
    this.merges += merges;
    this.refusedLinks += refusedLinks;
    for (const { key, placed } of placements) this.add(key, [placed]);
    if (erased.length > 0) this.#erased.push({ ...progressOf(NOBODY), outcomes: erased.map(() => 'erased') });
    for (const { items, error } of failures) this.#failures.push({ ...progressOf(NOBODY), remaining: items, error });
  }

  /** To those of a profile that failed they are added too: they fail with it. */
  add(key: ProfileKey, items: readonly PlacedItem[]): void {
    const progress = this.#byProfile.get(profileKeyText(key)) ?? progressOf(key);
    progress.remaining = [...progress.remaining, ...items];
    this.#byProfile.set(profileKeyText(key), progress);
  }

  open(): readonly Progress[] {
    return [...this.#byProfile.values()].filter(({ remaining, error }) => remaining.length > 0 && !error);
  }

  /** Its items go to another profile. */
  redirect(progress: Progress, profileId: string): void {
    const { key, remaining } = progress;
    progress.remaining = [];
    this.add({ ...key, profileId }, remaining);
  }

  giveBack(progress: Progress, items: readonly PlacedItem[]): void {
    progress.remaining = progress.remaining.filter((item) => !items.includes(item));
    this.#unplaced.push(...items);
  }

  takeUnplaced(): readonly WorkItem[] {
    return this.#unplaced.splice(0);
  }

  results(): readonly WorkResult[] {
    return [...this.#byProfile.values(), ...this.#failures, ...this.#erased];
  }
}

const NOBODY: ProfileKey = { sandboxName: '', profileId: '' };

interface Planned {
  readonly progress: Progress;
  readonly situation: Situation;
  readonly plan: Plan;
}

interface Round {
  readonly batch: Batch;
  readonly ports: Ports;
}

async function runRound(open: readonly Progress[], batch: Batch, ports: Ports, settings: Settings): Promise<void> {
  // Rules before state: state that was written with newer ones shows it, and is then planned with those.
  const rules = await readRules(open, ports);
  const keys = open.map(({ key }) => key);
  const withBatch = ({ sandboxName }: ProfileKey) => readsBatch(rules.get(sandboxName) as CompiledRules);
  const stored = await ports.profiles.read(keys, { withBatch });
  const planned = await Promise.all(
    open.map((progress) => {
      const { key } = progress;
      const situation = situationOf(stored.get(profileKeyText(key)), rules.get(key.sandboxName), ports, settings);
      return attempt(progress, situation, () => planUpdate(progress, situation));
    }),
  );
  await carryOut(
    planned.filter((entry) => entry !== undefined),
    { batch, ports },
  );
}

function situationOf(
  stored: StoredProfile | undefined,
  rules: CompiledRules | undefined,
  ports: Ports,
  settings: Settings,
): Situation {
  return { stored, rules: rules as CompiledRules, ports, settings };
}

async function readRules(open: readonly Progress[], { rules }: Ports): Promise<ReadonlyMap<string, CompiledRules>> {
  const names = [...new Set(open.map(({ key }) => key.sandboxName))];
  return new Map(await Promise.all(names.map(async (name) => [name, await rules.current(name)] as const)));
}

/** One profile's failure is its own: the others of the batch go on. */
async function attempt(
  progress: Progress,
  situation: Situation,
  plan: () => Promise<Plan>,
): Promise<Planned | undefined> {
  try {
    return { progress, situation, plan: await plan() };
  } catch (error) {
    progress.error = error;
    return undefined;
  }
}

async function carryOut(planned: readonly Planned[], round: Round): Promise<void> {
  const writing = planned.flatMap((entry) => {
    const write = 'write' in entry.plan ? entry.plan.write : undefined;
    return write === undefined ? [] : [{ ...entry, write }];
  });
  const outcomes = await round.ports.profiles.write(writing.map(({ write }) => write));
  for (const { progress, plan } of planned) if (!('write' in plan && plan.write)) finish(progress, plan, round);
  const refused = writing.filter((_, index) => outcomes[index] === 'refused');
  for (const [index, { progress, plan }] of writing.entries()) conclude(progress, plan, outcomes[index], round);
  if (refused.length > 0) await parkRefused(refused, round);
}

function conclude(progress: Progress, plan: Plan, outcome: WriteOutcome | undefined, round: Round): void {
  if (outcome === 'written') finish(progress, plan, round);
  else if (outcome === 'conflict') collide(progress);
}

/** The store will not take the write at any time: as deterministic as a failure can be. */
async function parkRefused(refused: readonly Planned[], round: Round): Promise<void> {
  const parked = await Promise.all(
    refused.map(({ progress, situation, plan }) => {
      if (plan.kind === 'park') progress.error = new Error('the store refuses even to mark the profile as parked');
      const reason = new Error('the store refuses the write, for instance because of its size');
      return plan.kind === 'park' ? undefined : attempt(progress, situation, () => park(progress, reason, situation));
    }),
  );
  await carryOut(
    parked.filter((entry) => entry !== undefined),
    round,
  );
}

function finish(progress: Progress, plan: Plan, { batch, ports }: Round): void {
  switch (plan.kind) {
    case 'outdated':
      collide(progress);
      return;
    case 'alias':
      batch.redirect(progress, plan.leadsTo);
      return;
    case 'misplaced':
      batch.giveBack(progress, plan.items);
      return;
    case 'erased':
      progress.changes += plan.changes;
      return;
    case 'tombstone':
      progress.outcomes.push(...plan.lost.map(() => 'erased' as const));
      progress.remaining = progress.remaining.filter((item) => !plan.taken.includes(item) && !plan.lost.includes(item));
      batch.giveBack(progress, plan.others);
      return;
    case 'park': {
      const waiting = plan.items.filter(({ item }) => item.kind !== 'wake-up');
      progress.outcomes.push(...waiting.map(() => 'parked' as const));
      // What an alias sent here meanwhile was not set aside with them.
      progress.remaining = progress.remaining.filter((item) => !plan.items.includes(item));
      return;
    }
    default:
      settle(progress, plan.update, plan.taken, ports);
  }
}

function settle(
  progress: Progress,
  { outcomes, next }: ProfileUpdate,
  taken: readonly PlacedItem[],
  ports: Ports,
): void {
  progress.outcomes.push(...outcomes);
  progress.remaining = progress.remaining.filter((item) => !taken.includes(item));
  const changes = next?.changes ?? [];
  progress.changes += changes.length;
  const late = changes.filter(({ cause, status }) => cause === 'time' && status === 'exited');
  progress.exitLatenessMs.push(...late.map(({ time }) => Math.max(0, ports.now() - time)));
}

function collide(progress: Progress): void {
  progress.conflicts += 1;
  if (progress.conflicts >= ATTEMPTS_MAX)
    progress.error = new Error(`${ATTEMPTS_MAX} conflicting writes to one profile`);
}
