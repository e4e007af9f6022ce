import type { BackfillStore } from '#shared/batch/backfill.ts';
import type { JobFiles, JobStore } from '#shared/batch/job-store.ts';
import type { HistoryStore, ProfileStore } from '#shared/profile/profile-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { SegmentStore } from '#shared/segment/segment-store.ts';

export interface MemberPorts {
  readonly definitions: Pick<SegmentStore, 'find'>;
  readonly backfills: Pick<BackfillStore, 'find'>;
  readonly jobs: Pick<JobStore, 'list'>;
  readonly files: Pick<JobFiles, 'read'>;
  readonly feed: MemberFeed;
  readonly profiles: Pick<ProfileStore, 'read'>;
  readonly history: Pick<HistoryStore, 'read'>;
  readonly rules: RulesStore;
  readonly feedShards: number;
  readonly retentionMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface FeedRow {
  readonly sequence: number;
  /** As `PublishedChange` has it. */
  readonly change: {
    readonly profileId?: unknown;
    readonly segmentId?: unknown;
    readonly status?: unknown;
    readonly time?: unknown;
    readonly repeated?: unknown;
  };
}

/** The rows after `after`, up to and with `to`. */
export interface FeedSpan {
  readonly after: number;
  readonly to: number;
}

export interface MemberFeed {
  /** What a shard took from the instant on until now. */
  since(sandboxName: string, shard: number, instant: number): Promise<FeedSpan>;
  read(sandboxName: string, shard: number, span: FeedSpan, limit: number): Promise<readonly FeedRow[]>;
}
