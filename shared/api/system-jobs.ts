/** `/system/jobs`: requests to erase somebody, and their receipts; rebuilds of the identity graph. */
import * as z from 'zod';
import { IDENTITY_LENGTH_MAX, NAMESPACE_LENGTH_MAX } from '#shared/profile/identity.ts';

const identity = z.strictObject({
  namespace: z.string().min(1).max(NAMESPACE_LENGTH_MAX),
  id: z.string().min(1).max(IDENTITY_LENGTH_MAX),
});

export const createSystemJob = z.strictObject({
  action: z.literal('delete_identity'),
  /** Of one person, or of several: whatever any of them leads to is erased. */
  identities: z.array(identity).min(1).max(20),
  /** Kept on the receipt: no place for a name. */
  reason: z.string().min(1).max(500).optional(),
});

export const listSystemJobs = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  start: z.string().min(1).max(64).optional(),
});

export const systemJob = z.strictObject({
  id: z.string(),
  jobType: z.literal('DELETE'),
  action: z.literal('delete_identity'),
  status: z.enum(['NEW', 'PROCESSING', 'COMPLETED', 'ERROR']),
  /** Seconds since 1970. */
  createEpoch: z.number().int(),
  updateEpoch: z.number().int(),
  requestedBy: z.string(),
  reason: z.string().optional(),
  /** How many identities were named of each namespace. */
  namespaces: z.record(z.string(), z.number().int()),
  step: z.enum(['find', 'clear', 'forget', 'clear-again', 'done']),
  /** What kept it from getting on; it is tried again. */
  trouble: z.string().optional(),
  /** Once it is completed. Nothing in it says whom it was about. */
  receipt: z
    .strictObject({
      completedAt: z.string(),
      /** Profiles that were somebody; 0 where nobody had any of the identities. */
      profiles: z.number().int(),
      /** Things that were removed, by place. */
      removed: z.record(z.string(), z.number().int()),
      /** What is kept for good, and why. */
      kept: z.array(z.strictObject({ where: z.string(), what: z.string() })),
      /** Copies that nobody can change, and until when they last. */
      agesOut: z.array(z.strictObject({ where: z.string(), what: z.string(), until: z.string() })),
    })
    .optional(),
});
export type SystemJob = z.output<typeof systemJob>;

/** Everybody is regrouped, since `/config/identityGraph` was changed. */
export const graphRebuildJob = z.strictObject({
  id: z.string(),
  jobType: z.literal('REBUILD'),
  action: z.literal('rebuild_identity_graph'),
  status: z.enum(['NEW', 'PROCESSING', 'COMPLETED']),
  /** Seconds since 1970. */
  createEpoch: z.number().int(),
  requestedBy: z.string(),
  identityGraph: z.strictObject({ type: z.enum(['none', 'pdg']) }),
  /** Of the rules that carry it. */
  rulesVersion: z.number().int(),
  progress: z.strictObject({
    /** 100 once every profile was seen to follow. */
    percent: z.number().int().min(0).max(100),
    /** That the last pass over all profiles saw, and how many of them had not followed yet. */
    profiles: z.number().int(),
    behind: z.number().int(),
  }),
});
export type GraphRebuildJob = z.output<typeof graphRebuildJob>;

export const anySystemJob = z.union([systemJob, graphRebuildJob]);

export const systemJobList = z.strictObject({
  _page: z.strictObject({ count: z.number().int(), next: z.string().nullable() }),
  children: z.array(anySystemJob),
});
export type SystemJobList = z.output<typeof systemJobList>;
