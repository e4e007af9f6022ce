/** Requests and responses of `/audiences/{id}/uploads`: who belongs to an external audience. */
import * as z from 'zod';
import { JOB_STATUSES } from '#shared/batch/job.ts';
import { NAMESPACE_LENGTH_MAX } from '#shared/profile/identity.ts';

/** API Gateway and Lambda take little more. */
export const UPLOAD_BYTES_MAX = 5 * 1024 * 1024;
const TTL_DAYS_MAX = 3_650;
const TTL_DAYS_DEFAULT = 30;

const column = z.string().min(1).max(200);

export const createUpload = z.strictObject({
  /** The whole file: a line of names, then a person a line. */
  csv: z.string().min(1).max(UPLOAD_BYTES_MAX),
  identity: z.strictObject({ column, namespace: z.string().min(1).max(NAMESPACE_LENGTH_MAX) }),
  /** The column of ISO 8601 instants until which each belongs. */
  validUntilColumn: column.optional(),
  /** For whoever has no instant of their own. */
  ttlInDays: z.number().positive().max(TTL_DAYS_MAX).default(TTL_DAYS_DEFAULT),
});

export const uploadResource = z.strictObject({
  id: z.string(),
  audienceId: z.string(),
  status: z.enum(JOB_STATUSES),
  namespace: z.string(),
  /** Different identities in the file. */
  rows: z.number().int(),
  /** Of them those that somebody has, and the rest; once it has succeeded. */
  matched: z.number().int().optional(),
  unknown: z.number().int().optional(),
  errors: z.array(z.strictObject({ code: z.string(), msg: z.string() })),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
  progress: z.strictObject({
    profiles: z.number().int(),
    partsDone: z.number().int(),
    ranges: z.number().int().nullable(),
  }),
});
export type UploadResource = z.output<typeof uploadResource>;

export const uploadList = z.strictObject({ uploads: z.array(uploadResource) });
