/** `/system/…`: what operators see and do. */
import * as z from 'zod';

const limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);
const after = z.string().min(1).max(1024).optional();

export const listParked = z.strictObject({ limit: limit(100, 20), after });

export const parkedList = z.strictObject({
  profiles: z.array(
    z.strictObject({
      profileId: z.string(),
      /** False where items were left behind by a crash; a redrive puts them back all the same. */
      parked: z.boolean(),
      reason: z.string(),
      /** When the item arrived that the profile was parked for, ISO 8601. */
      since: z.string(),
      items: z.number().int(),
      /** More items wait than were counted. */
      hasMoreItems: z.boolean(),
    }),
  ),
  next: z.string().nullable(),
});
export type ParkedList = z.output<typeof parkedList>;

export const redriveParked = z.strictObject({
  discardState: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true'),
});

export const redrivenProfile = z.strictObject({
  profileId: z.string(),
  /** What became of its state. */
  state: z.enum(['as-it-was', 'rebuilt', 'not-parked']),
  /** Of a rebuilt state only: what became of the events that no history chunk held yet. */
  tail: z.enum(['kept', 'salvaged', 'lost']).optional(),
  reasons: z.array(z.string()).optional(),
  /** Put into the stream by this call. */
  items: z.number().int(),
  /** More wait: call again. */
  hasMore: z.boolean(),
});
export type RedrivenProfile = z.output<typeof redrivenProfile>;

export const listQuarantine = z.strictObject({
  /** Of arrival, UTC; today unless given. */
  day: z.iso.date().optional(),
  limit: limit(100, 20),
  after,
});

export const quarantineList = z.strictObject({
  records: z.array(
    z.strictObject({
      id: z.string(),
      reason: z.string(),
      arrivedAt: z.string(),
      /** Its beginning. */
      record: z.string(),
      characters: z.number().int(),
    }),
  ),
  next: z.string().nullable(),
});
export type QuarantineList = z.output<typeof quarantineList>;

const ids = (most: number) => z.strictObject({ ids: z.array(z.string().min(1).max(1024)).min(1).max(most) });

export const redriveQuarantine = ids(100);
export const redriveFailedBatches = ids(10);

/** 202 is in the stream again and gone from here; 404 is not here (any more); 422 can't be sent as it stands. */
export const redriveAnswer = z.strictObject({
  results: z.array(
    z.strictObject({
      id: z.string(),
      status: z.union([z.literal(202), z.literal(404), z.literal(422)]),
      /** Put into the stream. */
      records: z.number().int(),
      reason: z.string().optional(),
    }),
  ),
});
export type RedriveAnswer = z.output<typeof redriveAnswer>;

export const listFailedBatches = z.strictObject({ limit: limit(20, 10), after });

export const failedBatchList = z.strictObject({
  batches: z.array(
    z.strictObject({
      id: z.string(),
      /** Events that were not applied, or changes that were not published. */
      holds: z.enum(['events', 'changes', 'unreadable']),
      records: z.number().int(),
      /** Why Lambda gave it up. */
      condition: z.string().optional(),
      failedAt: z.string().optional(),
    }),
  ),
  next: z.string().nullable(),
});
export type FailedBatchList = z.output<typeof failedBatchList>;

export const RESYNC_LIMIT_MAX = 2_000;

export const startResync = z.strictObject({
  after,
  limit: z.number().int().min(1).max(RESYNC_LIMIT_MAX).default(500),
});

export const resyncAnswer = z.strictObject({
  /** Profiles asked to publish again by this call. */
  profiles: z.number().int(),
  /** The `after` of the next call; null when every profile was asked. */
  next: z.string().nullable(),
});
export type ResyncAnswer = z.output<typeof resyncAnswer>;
