import type { JobRun } from '#shared/batch/job.ts';
import type { JobFiles, JobStore } from '#shared/batch/job-store.ts';
import type { JobPlan } from '#shared/batch/plan.ts';
import type { Throttle } from '#shared/batch/token-bucket.ts';
import type { WakeUps } from '#shared/batch/wake-ups.ts';
import type { ExportFiles } from '#shared/export/export-files.ts';
import type { BatchResultsStore } from '#shared/profile/batch-results-store.ts';
import type { ProfileRanges } from '#shared/profile/profile-scan.ts';
import type { HistoryStore, ProfileStore } from '#shared/profile/profile-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface RangePorts {
  readonly jobs: Pick<JobStore, 'find' | 'findPart' | 'claimPart' | 'reportProgress'>;
  readonly files: JobFiles;
  readonly rules: RulesStore;
  readonly ranges: ProfileRanges;
  readonly profiles: Pick<ProfileStore, 'read'>;
  readonly history: HistoryStore;
  /** What the job decides of scheduled definitions. */
  readonly results: BatchResultsStore;
  /** Where the rows of exports go. */
  readonly exports: ExportFiles;
  readonly wakeUps: WakeUps;
  /** What batch work leaves to streaming: read units of the tables, and records of the stream. */
  readonly reads: Pick<Throttle, 'take'>;
  readonly sends: Pick<Throttle, 'take'>;
  readonly now: () => number;
  readonly nanoseconds: () => bigint;
  /** The process has little time left: what isn't done by then is done by the next one. */
  readonly mustEnd: () => boolean;
}

export interface RangeSettings {
  readonly retentionMs: number;
  /** Profiles that one process looks at before another goes on. */
  readonly profilesPerSlice: number;
  /** Items of the table that are held at once. */
  readonly itemsPerPage: number;
}

export interface PartOfJob {
  readonly job: JobRun;
  readonly plan: JobPlan;
  readonly range: number;
}
