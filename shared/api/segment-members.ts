/** `GET /segment/definitions/{id}/members`: who is in, page by page. */
import * as z from 'zod';

export const MEMBERS_LIMIT_DEFAULT = 50;
export const MEMBERS_LIMIT_MAX = 100;

export const listMembers = z.strictObject({
  /** The `next` of an earlier answer. */
  after: z.string().min(1).max(8192).optional(),
  limit: z.coerce.number().int().min(1).max(MEMBERS_LIMIT_MAX).default(MEMBERS_LIMIT_DEFAULT),
});

const time = z.string();

export const segmentMember = z.strictObject({
  profileId: z.string(),
  /** Existing: in since before the snapshot; realized: came since. */
  status: z.enum(['realized', 'existing']),
  lastQualificationTime: time,
  /** When time alone takes them out if nothing happens to them until then; null if that is more than 400 days away. */
  leavesAt: time.nullable(),
  identities: z.array(z.strictObject({ namespace: z.string(), id: z.string(), primary: z.boolean().optional() })),
});

export const segmentMembers = z.strictObject({
  segmentId: z.string(),
  members: z.array(segmentMember),
  /** Each member of the page is one as of this instant. */
  evaluatedAt: time,
  /** The segment job whose snapshot is read; null where none has counted the definition yet. */
  snapshot: z.strictObject({ jobId: z.string(), asOf: time, ageInSeconds: z.number().int() }).nullable(),
  /** Who came since then is taken from the feed of changes. */
  changesSince: time,
  /** False where somebody may be missing; `missing` says who. */
  isComplete: z.boolean(),
  missing: z.string().optional(),
  /** A page may be empty and not the last. */
  next: z.string().nullable(),
});
export type SegmentMembers = z.output<typeof segmentMembers>;
