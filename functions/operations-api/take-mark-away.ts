/** The end of a profile's being parked: one write, on condition of the version that was read. */
import { Problem } from '#shared/api/problem.ts';
import { hash32 } from '#shared/profile/hash.ts';
import type { HistoryChunk } from '#shared/profile/history.ts';
import { decodeAttributes, NO_ATTRIBUTES } from '#shared/profile/profile-attributes.ts';
import { decodeState, type ProfileState } from '#shared/profile/profile-state.ts';
import {
  type ProfileKey,
  type ProfileWrite,
  profileKeyText,
  type StoredProfile,
} from '#shared/profile/profile-store.ts';
import type { RedrivePorts } from './ports.ts';
import { type Readable, rebuild, type TailFate } from './rebuild-profile.ts';

/** Nothing was done: something would be lost, and nobody said that it may. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reasons: readonly string[];
}

export type MarkTaken =
  | { readonly kind: 'no-mark' }
  | { readonly kind: 'as-it-was' }
  | { readonly kind: 'rebuilt'; readonly tail: TailFate; readonly reasons: readonly string[] };

const ATTEMPTS_MAX = 5;

export async function takeMarkAway(
  key: ProfileKey,
  { discardState }: { readonly discardState: boolean },
  ports: RedrivePorts,
): Promise<MarkTaken | Unreadable> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const stored = (await ports.profiles.read([key])).get(profileKeyText(key));
    if (!stored?.parked) return { kind: 'no-mark' };
    const plan = await planWrite(key, stored, discardState, ports);
    if (plan.write === undefined) return plan.taken;
    if (plan.spilled) await ports.history.append(key, plan.spilled);
    const [outcome] = await ports.profiles.write([plan.write]);
    if (outcome === 'written') return plan.taken;
    if (outcome === 'refused') throw new Problem('conflict', 'The store refuses the profile: it is too large.');
  }
  throw new Problem('unavailable', 'The profile is being written by others. Call again.');
}

interface Plan {
  readonly taken: MarkTaken | Unreadable;
  readonly write?: ProfileWrite;
  readonly spilled?: HistoryChunk | undefined;
}

async function planWrite(
  key: ProfileKey,
  stored: StoredProfile,
  discardState: boolean,
  ports: RedrivePorts,
): Promise<Plan> {
  const readable = read(stored);
  const { state, attributes, reasons } = readable;
  if (state && attributes) return { taken: { kind: 'as-it-was' }, write: asItWas(key, stored, state, ports) };
  const rebuilt = await rebuild(key, stored, readable, ports);
  if (rebuilt.isLossy && !discardState) return { taken: { kind: 'unreadable', reasons } };
  return { taken: { kind: 'rebuilt', tail: rebuilt.tail, reasons }, write: rebuilt.write, spilled: rebuilt.spilled };
}

/** An undecodable part is left out, and says why. */
function read({ state, attributes }: StoredProfile): Readable {
  const reasons: string[] = [];
  const attempt = <Part>(name: string, decode: () => Part): Part | undefined => {
    try {
      return decode();
    } catch (error) {
      reasons.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  return {
    state: attempt('state', () => decodeState(state)),
    attributes: attempt('attributes', () => (attributes === undefined ? NO_ATTRIBUTES : decodeAttributes(attributes))),
    reasons,
  };
}

/**
 * The same bytes. Due at the last evaluation: whatever time has brought since then is looked at from there on, by the
 * sweeper should nothing else arrive.
 */
function asItWas(
  key: ProfileKey,
  stored: StoredProfile,
  state: ProfileState,
  { dueShards }: RedrivePorts,
): ProfileWrite {
  const { evaluatedAt, rulesVersion } = state;
  return {
    key,
    expectedVersion: stored.version,
    rulesVersion,
    state: stored.state,
    due: evaluatedAt > 0 ? { shard: hash32(key.profileId) % dueShards, at: evaluatedAt } : undefined,
    parked: false,
  };
}
