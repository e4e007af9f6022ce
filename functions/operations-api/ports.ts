import type { ProfileScan } from '#shared/profile/profile-scan.ts';
import type { HistoryStore, ProfileStore } from '#shared/profile/profile-store.ts';
import type { FailedBatches, ParkedItems, RefusedLinksOfDay, RejectedRecords } from '#shared/profile/set-aside.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { UnmergePorts } from './unmerge-profile.ts';

export interface StreamRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

export interface StreamWriter {
  /** Whether each record was taken, in their order. What was refused for lack of capacity has been retried. */
  write(records: readonly StreamRecord[]): Promise<readonly boolean[]>;
}

/** What taking a profile's mark away and putting its items back needs. */
export interface RedrivePorts {
  readonly profiles: ProfileStore;
  readonly history: HistoryStore;
  readonly rules: RulesStore;
  readonly parked: ParkedItems;
  readonly stream: StreamWriter;
  readonly now: () => number;
  readonly retentionMs: number;
  readonly dueShards: number;
}

export interface OperationsPorts extends RedrivePorts, UnmergePorts {
  readonly refusedLinks: RefusedLinksOfDay;
  readonly rejected: RejectedRecords;
  readonly failedBatches: FailedBatches;
  readonly scan: ProfileScan;
}
