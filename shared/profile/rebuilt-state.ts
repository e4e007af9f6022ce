/**
 * A state in place of one that can't be read: what it knew of events is taken from the events themselves, so that each
 * of them is recognised when it comes again, and every leaf is filled from them at the next evaluation.
 */
import { ByteReader } from './bytes.ts';
import type { StoredEvent } from './experience-event.ts';
import { hash32 } from './hash.ts';
import { sortEvents, unpackAll } from './history.ts';
import { type Identity, identityKey, readIdentityMap } from './identity.ts';
import { unpackEvent } from './packed-event.ts';
import { type ProfileAttributes, withIdentities } from './profile-attributes.ts';
import { EMPTY_STATE, type Membership, type ProfileState, readTail, type TailEvent } from './profile-state.ts';
import { remember } from './recent-events.ts';

const NO_TYPE = '';

export interface RebuildSource {
  /** Committed events that history chunks hold. */
  readonly history: readonly StoredEvent[];
  /** Committed events that only the state held; empty where they are lost. */
  readonly tail: readonly TailEvent[];
  readonly memberships: ReadonlyMap<number, Membership>;
  readonly now: number;
}

/** Of rules version 0: whoever evaluates it next builds everything else from the events. */
export function rebuiltState({ history, tail, memberships, now }: RebuildSource): ProfileState {
  const events = sortEvents([...history, ...unpackAll(tail)]);
  const timed = events.map((event) => ({ event, declared: declaredTime(event) }));
  return {
    ...EMPTY_STATE,
    ...remember(EMPTY_STATE, timed),
    evaluatedAt: now,
    eventTypes: new Set(events.map(({ eventType }) => hash32(eventType ?? NO_TYPE))),
    memberships,
    tail,
  };
}

const declaredTime = ({ timestamp, declaredTimestamp }: StoredEvent) =>
  typeof declaredTimestamp === 'number' ? declaredTimestamp : timestamp;

/** Who the profile is, by what its events say. */
export function identitiesIn(events: readonly StoredEvent[], known: ProfileAttributes): ProfileAttributes {
  const found = new Map<string, Identity>();
  for (const { identityMap } of events) {
    const read = readIdentityMap(identityMap);
    for (const identity of read.ok ? read.value : []) {
      if (!found.has(identityKey(identity)))
        found.set(identityKey(identity), { ...identity, primary: found.size === 0 });
    }
  }
  return withIdentities(known, [...found.values()]);
}

/**
 * The tail of a state whose beginning can't be read. It stands last, and each event carries its time twice, so a place
 * from which on the bytes are a whole tail can't be anything else. Undefined where there is none.
 */
export function salvageTail(state: Uint8Array): readonly TailEvent[] | undefined {
  for (let start = 1; start < state.length; start++) {
    const tail = tailFrom(state.subarray(start));
    if (tail !== undefined) return tail;
  }
  return undefined;
}

function tailFrom(bytes: Uint8Array): readonly TailEvent[] | undefined {
  if (bytes[0] === 0) return undefined;
  try {
    const reader = new ByteReader(bytes);
    const tail = readTail(reader);
    const isWhole = reader.done && tail.every(({ timestamp, packed }) => unpackEvent(packed).timestamp === timestamp);
    return isWhole ? tail : undefined;
  } catch {
    return undefined; // whatever these bytes are, they are no tail
  }
}
