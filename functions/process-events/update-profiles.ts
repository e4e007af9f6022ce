/**
 * Brings profiles up to date, many at once: one read, one write each. A write that meets another's is a conflict: the
 * profile is read again and everything computed anew, so the order of a profile is its version and nothing else.
 */
import {
  type ProfileKey,
  profileKeyText,
  type StoredProfile,
  type WriteOutcome,
} from '#shared/profile/profile-store.ts';
import { type CompiledRules, readsBatch } from '#shared/segment/compiled-rules.ts';
import type { ProfileUpdate } from '#shared/segment/profile-update.ts';
import { type Plan, park, planUpdate, type Situation } from './plan-update.ts';
import type { Ports, Settings } from './ports.ts';
import { type ProfileWork, type Progress, progressOf, type WorkResult } from './work.ts';

const ATTEMPTS_MAX = 12;

export async function updateProfiles(
  works: readonly ProfileWork[],
  ports: Ports,
  settings: Settings,
): Promise<readonly WorkResult[]> {
  const all = works.map(progressOf);
  for (let open = all; open.length > 0; open = open.filter(({ remaining, error }) => remaining.length > 0 && !error)) {
    await runRound(open, ports, settings);
  }
  return all;
}

interface Planned {
  readonly progress: Progress;
  readonly situation: Situation;
  readonly plan: Plan;
}

async function runRound(open: readonly Progress[], ports: Ports, settings: Settings): Promise<void> {
  // Rules before state: state that was written with newer ones shows it, and is then planned with those.
  const rules = await readRules(open, ports);
  const keys = open.map(({ work }) => work.key);
  const withBatch = ({ sandboxName }: ProfileKey) => readsBatch(rules.get(sandboxName) as CompiledRules);
  const stored = await ports.profiles.read(keys, { withBatch });
  const planned = await Promise.all(
    open.map((progress) => {
      const { key } = progress.work;
      const situation = situationOf(stored.get(profileKeyText(key)), rules.get(key.sandboxName), ports, settings);
      return attempt(progress, situation, () => planUpdate(progress, situation));
    }),
  );
  await carryOut(
    planned.filter((entry) => entry !== undefined),
    ports,
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
  const names = [...new Set(open.map(({ work }) => work.key.sandboxName))];
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

async function carryOut(planned: readonly Planned[], ports: Ports): Promise<void> {
  const writing = planned.flatMap((entry) => {
    const write = 'write' in entry.plan ? entry.plan.write : undefined;
    return write === undefined ? [] : [{ ...entry, write }];
  });
  const outcomes = await ports.profiles.write(writing.map(({ write }) => write));
  for (const { progress, plan } of planned) if (!('write' in plan && plan.write)) finish(progress, plan, ports);
  const refused = writing.filter((_, index) => outcomes[index] === 'refused');
  for (const [index, { progress, plan }] of writing.entries()) conclude(progress, plan, outcomes[index], ports);
  if (refused.length > 0) await parkRefused(refused, ports);
}

function conclude(progress: Progress, plan: Plan, outcome: WriteOutcome | undefined, ports: Ports): void {
  if (outcome === 'written') finish(progress, plan, ports);
  else if (outcome === 'conflict') collide(progress);
}

/** The store will not take the write at any time: as deterministic as a failure can be. */
async function parkRefused(refused: readonly Planned[], ports: Ports): Promise<void> {
  const parked = await Promise.all(
    refused.map(({ progress, situation, plan }) => {
      if (plan.kind === 'park') progress.error = new Error('the store refuses even to mark the profile as parked');
      const reason = new Error('the store refuses the write, for instance because of its size');
      return plan.kind === 'park' ? undefined : attempt(progress, situation, () => park(progress, reason, situation));
    }),
  );
  await carryOut(
    parked.filter((entry) => entry !== undefined),
    ports,
  );
}

function finish(progress: Progress, plan: Plan, ports: Ports): void {
  switch (plan.kind) {
    case 'outdated':
      collide(progress);
      return;
    case 'park': {
      const waiting = progress.remaining.filter(({ item }) => item.kind !== 'wake-up');
      progress.outcomes.push(...waiting.map(() => 'parked' as const));
      progress.remaining = [];
      return;
    }
    default:
      settle(progress, plan.update, plan.taken, ports);
  }
}

function settle(progress: Progress, { outcomes, next }: ProfileUpdate, taken: number, ports: Ports): void {
  progress.outcomes.push(...outcomes);
  progress.remaining = progress.remaining.slice(taken);
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
