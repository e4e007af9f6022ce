import * as z from 'zod';

/** Names, with commas between them. */
const names = z.string().transform((text) => text.split(',').filter((name) => name !== ''));

export const env = {
  CHANGES_TABLE: z.string().min(1),
  CONTROL_TABLE: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  DELIVERY_QUEUE_URL: z.string().min(1),
  DESTINATION_KEY_SECRET: z.string().min(1),
  FEED_SHARDS: z.coerce.number().int().positive(),
  /** What the stage lets destinations write to. */
  DESTINATION_STREAMS: names,
  DESTINATION_QUEUES: names,
  LOCAL_WEBHOOKS: z.enum(['true', 'false']),
} as const;
