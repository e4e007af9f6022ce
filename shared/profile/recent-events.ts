/**
 * Whether an event was applied before, without reading history for it in the usual case.
 *
 * An event is certainly new if its id is not among the recent ones and it is younger than everything that was
 * ever evicted from them. Otherwise tail and history decide, by the id itself.
 */
import type { StoredEvent } from './experience-event.ts';
import { hash32 } from './hash.ts';
import type { ProfileState, RecentEvent } from './profile-state.ts';

export const RECENT_EVENTS_MAX = 24;

export type Familiarity = 'new' | 'look-it-up';

type Seen = Pick<ProfileState, 'recent' | 'seenFloor'>;

const secondOf = (timestamp: number) => Math.ceil(timestamp / 1000);

export function familiarity({ recent, seenFloor }: Seen, { _id, timestamp }: StoredEvent): Familiarity {
  if (timestamp <= seenFloor) return 'look-it-up';
  const idHash = hash32(_id);
  return recent.some((event) => event.idHash === idHash) ? 'look-it-up' : 'new';
}

export function remember({ recent, seenFloor }: Seen, events: readonly StoredEvent[]): Seen {
  const added = events.map(({ _id, timestamp }): RecentEvent => ({ idHash: hash32(_id), second: secondOf(timestamp) }));
  const all = [...recent, ...added];
  const evicted = all.slice(0, Math.max(0, all.length - RECENT_EVENTS_MAX));
  const floor = evicted.reduce((newest, { second }) => Math.max(newest, second * 1000), seenFloor);
  return { recent: all.slice(evicted.length), seenFloor: floor };
}
