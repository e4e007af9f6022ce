import type { MemoryHistoryStore, MemoryProfileStore } from '#shared/memory/memory-profile-stores.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import type { SentEvent } from './scenario.ts';

/** What is left of a world when it has come to rest. */
export interface World {
  readonly profiles: MemoryProfileStore;
  readonly history: MemoryHistoryStore;
  readonly sent: readonly SentEvent[];
  readonly artifact: RulesArtifact;
  readonly now: number;
  readonly retentionMs: number;
}
