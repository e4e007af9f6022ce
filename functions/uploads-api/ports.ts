import type { JobExecutions } from '#shared/batch/job-executions.ts';
import type { JobFiles, JobStore } from '#shared/batch/job-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface UploadPorts {
  readonly jobs: JobStore;
  readonly files: JobFiles;
  readonly rules: RulesStore;
  readonly executions: Pick<JobExecutions, 'start'>;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
