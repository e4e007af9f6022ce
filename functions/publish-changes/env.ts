import * as z from 'zod';

export const env = {
  PROFILES_TABLE: z.string().min(1),
  CHANGES_TABLE: z.string().min(1),
  CONTROL_TABLE: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  EVENT_BUS: z.string().min(1),
  DELIVERY_QUEUE_URL: z.string().min(1),
  FEED_SHARDS: z.coerce.number().int().positive(),
} as const;
