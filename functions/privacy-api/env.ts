import * as z from 'zod';

export const env = {
  CONTROL_TABLE: z.string().min(1),
  STREAM_RETENTION_HOURS: z.coerce.number().int().positive(),
  LOG_RETENTION_DAYS: z.coerce.number().int().positive(),
} as const;
