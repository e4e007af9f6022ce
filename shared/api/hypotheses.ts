/** What a caller supposes of a person: events and attributes that are not stored and never will be by these requests. */
import * as z from 'zod';
import { EVENT_ID_LENGTH_MAX, readTimestamp } from '#shared/profile/experience-event.ts';

export const SUPPOSED_EVENTS_MAX = 100;

/** ISO 8601 with an offset, or epoch milliseconds. */
export const instantValue = z.union([z.string().max(40), z.number()]).transform((value, context) => {
  const read = readTimestamp(value);
  if (read !== undefined) return read;
  context.addIssue('must be ISO 8601 with an offset, or epoch milliseconds');
  return z.NEVER;
});

/** As on the stream, but for what goes without saying: an id, the time, and whose it is. */
const supposedEvent = z.looseObject({
  _id: z.string().min(1).max(EVENT_ID_LENGTH_MAX).optional(),
  timestamp: instantValue.optional(),
  eventType: z.string().max(1000).optional(),
});

export const supposed = {
  events: z.array(supposedEvent).max(SUPPOSED_EVENTS_MAX).default([]),
  /** They stand above those of all data sets, whatever the merge policy; `null` takes a value away. */
  attributes: z.record(z.string(), z.unknown()).optional(),
} as const;

const supposition = z.object(supposed);
export type Supposition = z.output<typeof supposition>;
