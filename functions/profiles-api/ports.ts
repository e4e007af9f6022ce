import type { HistoryStore, IdentityStore, ProfileStore } from '#shared/profile/profile-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { SegmentStore } from '#shared/segment/segment-store.ts';

export interface ProfilePorts {
  readonly profiles: ProfileStore;
  readonly history: HistoryStore;
  readonly identities: IdentityStore;
  readonly rules: RulesStore;
  readonly definitions: Pick<SegmentStore, 'find' | 'findVersion'>;
  readonly retentionMs: number;
  readonly now: () => number;
}
