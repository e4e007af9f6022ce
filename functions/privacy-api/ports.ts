import type { BackfillStore } from '#shared/batch/backfill.ts';
import type { GraphRebuildStore } from '#shared/batch/graph-rebuild.ts';
import type { ErasureJobs } from '#shared/privacy/erasure-job.ts';
import type { KeptTimes } from '#shared/privacy/receipt.ts';

export interface PrivacyPorts {
  readonly jobs: Pick<ErasureJobs, 'create' | 'find' | 'list'>;
  readonly rebuilds: Pick<GraphRebuildStore, 'find' | 'list'>;
  /** How far the walk over everybody is. */
  readonly backfills: Pick<BackfillStore, 'find'>;
  /** Of two the later one's is greater. */
  readonly newJobId: () => string;
  readonly now: () => number;
  readonly kept: KeptTimes;
}
