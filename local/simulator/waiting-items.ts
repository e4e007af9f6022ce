/** The parking lot as an operator sees it. */
import type { MemoryParkingLot } from '#shared/memory/memory-profile-stores.ts';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import type { ParkedItems } from '#shared/profile/set-aside.ts';

export function waitingItems({ parked }: MemoryParkingLot): ParkedItems {
  const waiting = (key: ProfileKey) =>
    [...parked]
      .filter(([name]) => name.startsWith(`${profileKeyText(key)}/`))
      .sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    profiles: async () => {
      throw new Error('profiles are known in another way here');
    },
    summary: async () => {
      throw new Error('nobody asks');
    },
    items: async (key, limit) => {
      const all = waiting(key);
      const entries = all.slice(0, limit).map(([, item]) => item);
      return { entries, next: all.length > limit ? 'more' : undefined };
    },
    remove: async (key, ids) => {
      for (const id of ids) parked.delete(`${profileKeyText(key)}/${id}`);
    },
  };
}
