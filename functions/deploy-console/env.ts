import * as z from 'zod';

export const env = {
  SITE_BUCKET: z.string().min(3),
} as const;
