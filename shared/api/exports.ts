/** Requests and responses of `/export/jobs`: names and values are those of the published Segmentation API. */
import * as z from 'zod';
import { COLUMN_TYPES, EXPORT_FORMATS, EXPORT_STATUSES } from '#shared/batch/export-specification.ts';
import { JOB_STATUSES } from '#shared/batch/job.ts';
import { CONSENT_PURPOSES, DEFAULT_PURPOSE } from '#shared/profile/consent.ts';
import { segmentJobMetrics } from './segment-jobs.ts';

export const EXPORTS_OPEN_MAX = 5;
export const SEGMENTS_PER_EXPORT_MAX = 100;
const FIELDS_LENGTH_MAX = 20_000;

const instant = z.iso.datetime({ offset: true });
const folder = z
  .string()
  .max(200)
  .regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, { error: 'is names of letters, digits and _.- with slashes between' });

const segments = z
  .array(
    z.strictObject({
      segmentId: z.string().min(1).max(64),
      segmentNs: z.literal('ups').optional(),
      status: z.array(z.enum(EXPORT_STATUSES)).min(1).max(10).optional(),
    }),
  )
  .min(1)
  .max(SEGMENTS_PER_EXPORT_MAX);

const filter = z.strictObject({
  segments: segments.optional(),
  segmentQualificationTime: z
    .strictObject({ startTime: instant.optional(), endTime: instant.optional() })
    .refine(({ startTime, endTime }) => startTime === undefined || endTime === undefined || startTime < endTime, {
      error: 'ends after it starts',
    })
    .optional(),
  fromIngestTimestamp: instant.optional(),
  emptyProfiles: z.boolean().optional(),
});

const destination = z.strictObject({
  format: z.enum(EXPORT_FORMATS).default('jsonl'),
  /** Between `exports/<sandbox>/` and the job's own folder. */
  prefix: folder.optional(),
  /** Taken as the prefix, where there is none. */
  datasetId: folder.optional(),
  /** A file holds rows of one export, whatever segments they are for. */
  segmentPerBatch: z.literal(false).optional(),
});

export const createExportJob = z.strictObject({
  /** Paths, separated by commas. */
  fields: z.string().max(FIELDS_LENGTH_MAX).optional(),
  mergePolicy: z.strictObject({ id: z.string().min(1).max(64), version: z.number().optional() }).optional(),
  filter: filter.optional(),
  /** Whoever refuses it, as `consents` of their profile say, is left out. */
  consentPurpose: z.enum(CONSENT_PURPOSES).default(DEFAULT_PURPOSE),
  destination: destination.default({ format: 'jsonl' }),
  schema: z.strictObject({ name: z.literal('_xdm.context.profile') }).optional(),
  /** Clients of the original ask for events by it. */
  additionalFields: z
    .looseObject({})
    .refine((fields) => Object.keys(fields).length === 0, 'asks for events, which are not exported: leave it out')
    .optional(),
});

export const listExportJobs = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).default(0),
  status: z.enum(JOB_STATUSES).optional(),
});

export const exportJobResource = z.strictObject({
  id: z.number().int(),
  jobType: z.literal('BATCH'),
  destination: z.strictObject({
    format: z.enum(EXPORT_FORMATS),
    prefix: z.string().optional(),
    datasetId: z.string().optional(),
    segmentPerBatch: z.literal(false),
    /** Its own id: its folder is named so. */
    batchId: z.string(),
    /** The folder that its files are in. */
    location: z.string(),
  }),
  fields: z.string(),
  schema: z.strictObject({ name: z.string() }),
  imsOrgId: z.string().optional(),
  sandbox: z.strictObject({ sandboxName: z.string(), default: z.boolean() }),
  status: z.enum(JOB_STATUSES),
  filter,
  consentPurpose: z.enum(CONSENT_PURPOSES),
  mergePolicy: z.strictObject({ id: z.string(), version: z.number().optional() }).optional(),
  profileInstanceId: z.literal('ups'),
  errors: z.array(z.strictObject({ code: z.string(), msg: z.string(), callStack: z.string() })),
  metrics: z.strictObject({
    totalTime: segmentJobMetrics.shape.totalTime,
    profileExportTime: segmentJobMetrics.shape.totalTime.optional(),
    /** Of an export that succeeded. */
    exportedRows: z.number().int().optional(),
    exportedFiles: z.number().int().optional(),
    exportedBytes: z.number().int().optional(),
    /** Who was asked for, and is left out because they refuse `consentPurpose`. */
    optedOutProfiles: z.number().int().optional(),
  }),
  computeGatewayJobId: z.strictObject({ exportJob: z.string() }),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
  requestId: z.string(),
  /** How far it is: profiles looked at so far, and parts of the table that are done. */
  progress: z.strictObject({
    profiles: z.number().int(),
    partsDone: z.number().int(),
    ranges: z.number().int().nullable(),
  }),
  /** Of the schedule that started it. */
  scheduleId: z.string().optional(),
});
export type ExportJobResource = z.output<typeof exportJobResource>;

export const exportJobList = z.strictObject({
  records: z.array(exportJobResource),
  page: z.strictObject({
    sortField: z.literal('creationTime'),
    sort: z.literal('desc'),
    pageOffset: z.string(),
    pageSize: z.number().int(),
    totalCount: z.number().int(),
  }),
  link: z.strictObject({ next: z.string().optional() }),
});
export type ExportJobList = z.output<typeof exportJobList>;

export const deletedExportJob = z.strictObject({ status: z.boolean(), message: z.string() });

export const exportFiles = z.strictObject({
  version: z.literal(1),
  exportJobId: z.string(),
  sandboxName: z.string(),
  asOf: z.string(),
  format: z.enum(EXPORT_FORMATS),
  columns: z.array(z.strictObject({ name: z.string(), type: z.enum(COLUMN_TYPES) })),
  rows: z.number().int(),
  bytes: z.number().int(),
  files: z.array(
    z.strictObject({ name: z.string(), rows: z.number().int(), bytes: z.number().int(), sha256: z.string() }),
  ),
  /** By column: values that were not of its type and are left out. */
  mismatched: z.record(z.string(), z.number().int()),
  /** The folder that the names are in. */
  location: z.string(),
});
