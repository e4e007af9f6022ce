import * as z from 'zod';

export const env = {
  PROFILES_TABLE: z.string().min(1),
  HISTORY_TABLE: z.string().min(1),
  CHANGES_TABLE: z.string().min(1),
  CONTROL_TABLE: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  DELIVERY_QUEUE_URL: z.string().min(1),
  DESTINATION_KEY_SECRET: z.string().min(1),
  FEED_SHARDS: z.coerce.number().int().positive(),
  RETENTION_DAYS: z.coerce.number().int().positive(),
  /** `true` where webhooks may lead to this machine itself: the developer's. */
  LOCAL_WEBHOOKS: z.enum(['true', 'false']),
} as const;
