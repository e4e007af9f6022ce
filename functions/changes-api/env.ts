import * as z from 'zod';

export const env = {
  CHANGES_TABLE: z.string().min(1),
  FEED_SHARDS: z.coerce.number().int().positive(),
} as const;
