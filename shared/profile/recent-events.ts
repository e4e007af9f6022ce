/**
 * Whether an event was applied before, without reading history for it in the usual case.
 *
 * An event is certainly new if its id is not among the recent ones and it is younger than everything that was
 * ever evicted from them. Otherwise tail and history decide, by the id itself.
 */
import type { StoredEvent } from './experience-event.ts';
import { hash32 } from './hash.ts';
import type { ProfileState, RecentEvent } from './profile-state.ts';

export const RECENT_EVENTS_MAX = 16;
/** A profile with more of them has a device whose clock is wrong for good: from then on every event is looked up. */
export const CLAMPED_EVENTS_MAX = 32;
const ALWAYS_LOOK_UP = 8.64e15;

/** Where to look for an event's id before it is applied. */
export type Lookup = 'nowhere' | 'at-its-time' | 'everywhere';

type Seen = Pick<ProfileState, 'recent' | 'clamped' | 'seenFloor'>;

const secondOf = (timestamp: number) => Math.ceil(timestamp / 1000);

export function lookupFor({ recent, clamped, seenFloor }: Seen, { event, declared }: TimedEvent): Lookup {
  const idHash = hash32(event._id);
  const isKnown = clamped.includes(idHash) || recent.some((known) => known.idHash === idHash);
  if (isKnown || seenFloor === ALWAYS_LOOK_UP) return 'everywhere';
  if (declared > seenFloor) return 'nowhere';
  return declared === event.timestamp ? 'at-its-time' : 'everywhere';
}

/** An event and the time that its producer gave it: later than its timestamp where that was clamped. */
export interface TimedEvent {
  readonly event: StoredEvent;
  readonly declared: number;
}

export function remember(seen: Seen, events: readonly TimedEvent[]): Seen {
  const onTime = events.filter(({ event, declared }) => declared === event.timestamp);
  const ahead = events.filter((timed) => !onTime.includes(timed)).map(({ event }) => hash32(event._id));
  const added = onTime.map(
    ({ event }): RecentEvent => ({ idHash: hash32(event._id), second: secondOf(event.timestamp) }),
  );
  const all = [...seen.recent, ...added];
  const evicted = all.slice(0, Math.max(0, all.length - RECENT_EVENTS_MAX));
  const floor = evicted.reduce((newest, { second }) => Math.max(newest, second * 1000), seen.seenFloor);
  const clamped = [...seen.clamped, ...ahead];
  const fits = clamped.length <= CLAMPED_EVENTS_MAX;
  return {
    recent: all.slice(evicted.length),
    clamped: fits ? clamped : clamped.slice(-CLAMPED_EVENTS_MAX),
    seenFloor: fits ? floor : ALWAYS_LOOK_UP,
  };
}
