import * as z from 'zod';

export const EVENTS_PER_CALL_MAX = 500;

/** One event or profile record, or a list of them: each is held to the stream's own format and answered for itself. */
export const sentEvents = z.unknown();

/** 202 taken; 400 or 403 never will be as it stands; 503 may be sent again. */
export const eventAnswer = z.strictObject({
  _id: z.string().optional(),
  status: z.union([z.literal(202), z.literal(400), z.literal(403), z.literal(503)]),
  reason: z.string().optional(),
});
export type EventAnswer = z.output<typeof eventAnswer>;

/** One result an event, in their order. */
export const collectedEvents = z.strictObject({
  accepted: z.number().int(),
  rejected: z.number().int(),
  results: z.array(eventAnswer),
});
export type CollectedEvents = z.output<typeof collectedEvents>;
