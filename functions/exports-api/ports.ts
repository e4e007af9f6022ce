import type { JobExecutions } from '#shared/batch/job-executions.ts';
import type { JobFiles, JobStore } from '#shared/batch/job-store.ts';
import type { ExportFiles } from '#shared/export/export-files.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface ExportPorts {
  readonly jobs: JobStore;
  readonly files: JobFiles;
  readonly exports: Pick<ExportFiles, 'read'>;
  readonly rules: RulesStore;
  readonly schemas: Pick<SchemaStore, 'find'>;
  readonly executions: Pick<JobExecutions, 'start'>;
  /** The prefix of all exports, as callers find it: `s3://bucket/exports/`. */
  readonly location: string;
  /** A whole number of up to 15 digits. */
  readonly newId: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
