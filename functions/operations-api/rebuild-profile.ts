/**
 * A profile whose stored bytes can't be read, made anew from the events that can: evaluated once with the current rules,
 * and told to subscribers in full, since what they were told before is not known.
 */
import { hash32 } from '#shared/profile/hash.ts';
import { type HistoryChunk, unpackAll } from '#shared/profile/history.ts';
import { encodeAttributes, NO_ATTRIBUTES, type ProfileAttributes } from '#shared/profile/profile-attributes.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import { encodeState, type Membership, type ProfileState, STATE_FORMAT } from '#shared/profile/profile-state.ts';
import type { ProfileKey, ProfileWrite, StoredProfile } from '#shared/profile/profile-store.ts';
import { identitiesIn, rebuiltState, salvageTail } from '#shared/profile/rebuilt-state.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type ProfileUpdate, updateProfile } from '#shared/segment/profile-update.ts';
import type { RedrivePorts } from './ports.ts';

/** What becomes of the events that only the state held. */
export type TailFate = 'kept' | 'salvaged' | 'lost';

/** What could be read of a profile. */
export interface Readable {
  readonly state: ProfileState | undefined;
  readonly attributes: ProfileAttributes | undefined;
  readonly reasons: readonly string[];
}

export interface Rebuilt {
  readonly write: ProfileWrite;
  /** Committed events to append to history before the write. */
  readonly spilled: HistoryChunk | undefined;
  readonly tail: TailFate;
  /** Something is gone for good once this is written. */
  readonly isLossy: boolean;
}

export async function rebuild(
  key: ProfileKey,
  stored: StoredProfile,
  readable: Readable,
  ports: RedrivePorts,
): Promise<Rebuilt> {
  const rules = await ports.rules.current(key.sandboxName);
  const history = await readHistoryEvents(ports.history, key, readable.attributes ?? NO_ATTRIBUTES);
  const { tail, fate } = tailOf(stored, readable);
  const now = ports.now();
  const memberships = readable.state?.memberships ?? unknownMemberships(rules, now);
  const state = rebuiltState({ history, tail, memberships, now });
  const attributes = readable.attributes ?? identitiesIn([...history, ...unpackAll(tail)], NO_ATTRIBUTES);
  const loaded = { version: stored.version, state, dueAt: undefined, attributes };
  const resync = { kind: 'wake-up', cause: 'resync', ...key } as const;
  const committed = async () => history;
  const { next } = await updateProfile(loaded, [resync], { rules, now, retentionMs: ports.retentionMs, committed });
  // A state of another format may be whole, and its writer known: that is for an operator to say.
  const isForeign = readable.state === undefined && stored.state[0] !== STATE_FORMAT;
  const isLossy = fate === 'lost' || isForeign || readable.attributes === undefined;
  return { write: writeOf(key, loaded, { rules, next }, ports), spilled: next?.spilled, tail: fate, isLossy };
}

function tailOf({ state: bytes }: StoredProfile, { state }: Readable) {
  if (state) return { tail: state.tail, fate: 'kept' } as const;
  const salvaged = salvageTail(bytes);
  return salvaged ? ({ tail: salvaged, fate: 'salvaged' } as const) : ({ tail: [], fate: 'lost' } as const);
}

/**
 * Nobody knows what subscribers were told. Taken to be out of every current segment, the profile enters those that it
 * qualifies for and repeats its exit from the others; taken to be in every deleted one, it leaves them.
 */
function unknownMemberships({ artifact }: CompiledRules, now: number): ReadonlyMap<number, Membership> {
  const since = (status: Membership['status']): Membership => ({ status, lastQualificationTime: now });
  return new Map([
    ...artifact.definitions.map(({ ordinal }) => [ordinal, since('exited')] as const),
    ...artifact.retired.map(({ ordinal }) => [ordinal, since('realized')] as const),
  ]);
}

interface Loaded {
  readonly version: number;
  readonly state: ProfileState;
  readonly attributes: ProfileAttributes;
}

function writeOf(
  key: ProfileKey,
  { version, state, attributes }: Loaded,
  { rules, next }: { readonly rules: CompiledRules; readonly next: ProfileUpdate['next'] },
  { dueShards }: RedrivePorts,
): ProfileWrite {
  const shard = hash32(key.profileId) % dueShards;
  return {
    key,
    expectedVersion: version,
    rulesVersion: rules.version,
    state: next?.encoded ?? encodeState(state),
    due: next?.dueAt === undefined ? undefined : { shard, at: next.dueAt },
    changes: next?.encodedChanges,
    attributes: encodeAttributes(attributes),
    parked: false,
  };
}
