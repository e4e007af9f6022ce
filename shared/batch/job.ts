/**
 * The life of one batch job, whatever it walks over profiles for.
 *
 *     NEW ──started──▶ QUEUED ──planned──▶ PROCESSING ──▶ SUCCEEDED
 *      │                 │                     ├────────▶ FAILED ──redriven──▶ QUEUED
 *      └─────────────────┴──cancelled──▶ CANCELLING ────▶ CANCELLED
 */

import type { ExportSpecification } from './export-specification.ts';
import type { UploadSpecification } from './upload-specification.ts';

export const JOB_STATUSES = ['NEW', 'QUEUED', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'CANCELLING', 'CANCELLED'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** `segment`, `export`, `upload`: asked for by a caller. `backfill`: the service's own walk after a publish. */
export type JobKind = 'segment' | 'export' | 'upload' | 'backfill';

export interface JobKey {
  readonly sandboxName: string;
  readonly kind: JobKind;
  readonly jobId: string;
}

/** One attempt at a job. What an earlier one still does when a later one has begun counts for nothing. */
export interface JobRun extends JobKey {
  readonly attempt: number;
}

export interface JobError {
  readonly code: string;
  readonly msg: string;
}

export interface Job extends JobKey {
  readonly status: JobStatus;
  /** Ids of definitions; `*` stands for every published one. */
  readonly segmentIds: readonly string[] | '*';
  readonly requestId: string;
  /** What an export asks for. */
  readonly exported?: ExportSpecification;
  /** What an upload says. */
  readonly upload?: UploadSpecification;
  /** Of the schedule that started it. */
  readonly scheduleId?: string;
  /** All instants are epoch milliseconds. */
  readonly creationTime: number;
  readonly updateTime: number;
  /** How often it was started. */
  readonly attempt: number;
  /** The name of its plan. */
  readonly plan?: string;
  /** The instant at which everybody is evaluated; from its plan. */
  readonly asOf?: number;
  readonly ranges?: number;
  /** Ordinals from this one on did not exist yet when it was planned. */
  readonly nextSegmentOrdinal?: number;
  readonly segmentationStart?: number;
  readonly segmentationEnd?: number;
  readonly endTime?: number;
  readonly errors: readonly JobError[];
  /** One more with every change of the record. */
  readonly revision: number;
}

const OPEN: ReadonlySet<JobStatus> = new Set(['NEW', 'QUEUED', 'PROCESSING', 'CANCELLING']);

/** Whether something will still become of it by itself. */
export const isOpen = ({ status }: Pick<Job, 'status'>): boolean => OPEN.has(status);

const NEXT: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  NEW: ['QUEUED', 'PROCESSING', 'CANCELLING', 'FAILED'],
  QUEUED: ['PROCESSING', 'CANCELLING', 'FAILED'],
  PROCESSING: ['SUCCEEDED', 'FAILED', 'CANCELLING'],
  CANCELLING: ['CANCELLED', 'FAILED'],
  SUCCEEDED: [],
  FAILED: ['QUEUED'],
  CANCELLED: ['QUEUED'],
};

export const mayBecome = (from: JobStatus, to: JobStatus): boolean => NEXT[from].includes(to);

export const runOf = ({ sandboxName, kind, jobId, attempt }: Job): JobRun => ({ sandboxName, kind, jobId, attempt });

/** The name of the execution that runs this attempt: starting it twice starts it once. */
export const executionName = ({ jobId, attempt }: Pick<Job, 'jobId' | 'attempt'>) => `${jobId}-${attempt}`;

export function newJob(
  key: JobKey,
  { segmentIds, requestId, now }: { segmentIds: Job['segmentIds']; requestId: string; now: number },
): Job {
  return {
    ...key,
    status: 'NEW',
    segmentIds,
    requestId,
    creationTime: now,
    updateTime: now,
    attempt: 1,
    errors: [],
    revision: 1,
  };
}
