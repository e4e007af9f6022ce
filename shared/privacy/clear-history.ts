/** The person's events in history: whole partitions, and of those that others share the events that are theirs. */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { HistoryEraser } from '#shared/profile/profile-store.ts';
import type { PersonalStore } from './erasure-job.ts';
import { isEventOf } from './event-traces.ts';

export const clearHistory = (history: HistoryEraser): PersonalStore => ({
  name: 'history',
  clear: async ({ sandboxName, partitions, sharedPartitions }) => {
    let removed = 0;
    for (const profileId of partitions) removed += await history.keepOnly({ sandboxName, profileId }, () => false);
    for (const { profileId, identities, erasedAt } of sharedPartitions) {
      const isKept = (event: StoredEvent) => event.timestamp > erasedAt || !isEventOf(event, identities);
      removed += await history.keepOnly({ sandboxName, profileId }, isKept);
    }
    return removed;
  },
});
