/** The person's events in history: whole partitions, and of those that others share the events that are theirs. */
import type { HistoryEraser } from '#shared/profile/profile-store.ts';
import type { PersonalStore } from './erasure-job.ts';
import { isEventOf } from './event-traces.ts';

export const clearHistory = (history: HistoryEraser): PersonalStore => ({
  name: 'history',
  clear: async (person) => {
    const { sandboxName, partitions, sharedPartitions } = person;
    let removed = 0;
    for (const profileId of partitions) {
      const isShared = sharedPartitions.includes(profileId);
      removed += await history.keepOnly({ sandboxName, profileId }, (event) => isShared && !isEventOf(event, person));
    }
    return removed;
  },
});
