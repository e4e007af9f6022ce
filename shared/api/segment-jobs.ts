/** Requests and responses of `/segment/jobs`: names and values are those of the published Segmentation API. */
import * as z from 'zod';
import { JOB_STATUSES } from '#shared/batch/job.ts';

/** More are asked for with `*`. */
export const SEGMENTS_PER_JOB_MAX = 500;
export const JOBS_PER_BULK_GET_MAX = 100;
export const JOBS_OPEN_MAX = 5;

const wanted = z
  .array(z.strictObject({ segmentId: z.string().min(1).max(64) }))
  .min(1)
  .max(SEGMENTS_PER_JOB_MAX);

/** The list, or an object around it: clients of the original send that for `*`. */
export const createSegmentJob = z.union([
  wanted,
  z.strictObject({ schema: z.strictObject({ name: z.literal('_xdm.context.profile') }).optional(), segments: wanted }),
]);

export const SORT_FIELDS = ['creationTime', 'updateTime', 'status', 'id'] as const;

const sort = z
  .string()
  .regex(new RegExp(`^(${SORT_FIELDS.join('|')})(:(asc|desc))?$`), {
    error: `must be one of ${SORT_FIELDS.join(', ')}, then :asc or :desc`,
  })
  .default('creationTime:desc')
  .transform((text) => {
    const [field, order = 'asc'] = text.split(':');
    return { field: field as (typeof SORT_FIELDS)[number], order: order as 'asc' | 'desc' };
  });

/** `status==SUCCEEDED`, `metrics.totalProfiles==12`, or within an array `segments~segmentId==…`. */
const property = z
  .string()
  .regex(/^[\w.]+(~[\w.]+)?==.+$/, { error: 'must be path==value, or array~key==value' })
  .transform((text) => {
    const [path = '', value = ''] = text.split(/==(.*)/s);
    const [list = '', key] = path.split('~');
    return { path: list.split('.'), key, value };
  })
  .optional();
export type PropertyFilter = NonNullable<z.output<typeof property>>;

export const listSegmentJobs = z.strictObject({
  /** The only snapshot there is: what holds now. */
  'snapshot.name': z.string().max(64).optional(),
  start: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  status: z.enum(JOB_STATUSES).optional(),
  sort,
  property,
});

const span = z.strictObject({
  startTimeInMs: z.number(),
  endTimeInMs: z.number().optional(),
  totalTimeInMs: z.number(),
});
/** By id of a definition. */
const counter = z.record(z.string(), z.number().int());
const nested = z.record(z.string(), counter);

export const segmentJobMetrics = z.strictObject({
  totalTime: span,
  profileSegmentationTime: span.optional(),
  totalProfiles: z.number().int(),
  /** By id of a policy that the job's definitions went by. */
  totalProfilesByMergePolicy: z.record(z.string(), z.number().int()),
  segmentedProfileCounter: counter,
  segmentedProfileByNamespaceCounter: nested,
  /** Against the last successful job: `realized` came since, `existing` was in before and still is, `exited` left since. */
  segmentedProfileByStatusCounter: nested,
  /** Estimated from a sample: what one profile takes of a definition, and what all of them took together. */
  costByDefinition: z.record(
    z.string(),
    z.strictObject({ nanosecondsPerProfile: z.number(), totalTimeInMs: z.number() }),
  ),
  /** Stored memberships that were not what evaluation said; their profiles were sent to be looked at again. */
  drift: z.strictObject({ profiles: z.number().int(), memberships: z.number().int() }),
  /** Profiles that had not followed the current rules yet; they were sent to be looked at again. */
  behind: z.number().int(),
  parked: z.number().int(),
  failed: z.number().int(),
});
export type SegmentJobMetrics = z.output<typeof segmentJobMetrics>;

/** What the definition says now; absent where it is no longer published. */
const evaluatedSegment = z.strictObject({
  id: z.string(),
  expression: z.strictObject({ type: z.literal('PQL'), format: z.literal('pql/text'), value: z.string() }),
  mergePolicyId: z.string(),
  mergePolicy: z.strictObject({ id: z.string() }),
});

export const segmentJobResource = z.strictObject({
  id: z.string(),
  imsOrgId: z.string().optional(),
  sandbox: z.strictObject({
    sandboxId: z.string(),
    sandboxName: z.string(),
    type: z.string(),
    default: z.boolean(),
  }),
  profileInstanceId: z.string(),
  source: z.string(),
  status: z.enum(JOB_STATUSES),
  batchId: z.string(),
  computeJobId: z.number().int(),
  computeGatewayJobId: z.string(),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
  updateEpoch: z.number().int(),
  segments: z.array(z.strictObject({ segmentId: z.string(), segment: evaluatedSegment.optional() })),
  errors: z.array(z.strictObject({ code: z.string(), msg: z.string(), callStack: z.string() })),
  metrics: segmentJobMetrics.partial(),
  requestId: z.string(),
  properties: z.strictObject({
    /** How far it is: profiles looked at so far, and parts of the table that are done. */
    progress: z.strictObject({
      profiles: z.number().int(),
      partsDone: z.number().int(),
      ranges: z.number().int().nullable(),
    }),
    /** Of the schedule that started it. */
    scheduleId: z.string().optional(),
  }),
  schema: z.strictObject({ name: z.string() }),
  modelName: z.string(),
  _links: z.strictObject({
    self: z.strictObject({ href: z.string() }),
    cancel: z.strictObject({ href: z.string(), method: z.literal('DELETE') }),
    checkStatus: z.strictObject({ href: z.string(), method: z.literal('GET') }),
  }),
});
export type SegmentJobResource = z.output<typeof segmentJobResource>;

export const segmentJobList = z.strictObject({
  _page: z.strictObject({ totalCount: z.number().int(), pageSize: z.number().int() }),
  children: z.array(segmentJobResource),
  _links: z.strictObject({ next: z.strictObject({ href: z.string() }).optional() }),
});
export type SegmentJobList = z.output<typeof segmentJobList>;

/** Each a count of everybody, exact as of its instant: by a segment job, or by the walk after a publish. */
export const segmentTrend = z.strictObject({
  segmentId: z.string(),
  /** The oldest first. */
  points: z.array(z.strictObject({ countedAt: z.string(), members: z.number().int() })),
});
export type SegmentTrend = z.output<typeof segmentTrend>;

export const segmentTrendQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });

export const bulkGetSegmentJobs = z.strictObject({
  ids: z
    .array(z.strictObject({ id: z.string().min(1).max(64) }))
    .min(1)
    .max(JOBS_PER_BULK_GET_MAX),
});

/** What is not among the results is not in the sandbox, or is over for more than 90 days. */
export const segmentJobsById = z.strictObject({
  results: z.record(z.string(), segmentJobResource),
  notFound: z.array(z.string()),
});
export type SegmentJobsById = z.output<typeof segmentJobsById>;
