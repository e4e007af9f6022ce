import type { JobExecutions } from '#shared/batch/job-executions.ts';
import type { JobFiles, JobStore } from '#shared/batch/job-store.ts';
import type { SizeStore } from '#shared/batch/sizes.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { SegmentStore } from '#shared/segment/segment-store.ts';

export interface JobPorts {
  readonly jobs: JobStore;
  readonly files: JobFiles;
  readonly sizes: Pick<SizeStore, 'newest'>;
  readonly rules: RulesStore;
  readonly definitions: Pick<SegmentStore, 'find'>;
  readonly executions: Pick<JobExecutions, 'start'>;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
