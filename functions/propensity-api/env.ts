import * as z from 'zod';

export const env = {
  PROFILES_TABLE: z.string().min(1),
  HISTORY_TABLE: z.string().min(1),
  CONTROL_TABLE: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  RETENTION_DAYS: z.coerce.number().int().positive(),
  PROPENSITY_STATE_MACHINE: z.string().min(1),
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_ROLE: z.string().min(1),
  /** The function that a timer calls when an instance is due. */
  START_PROPENSITY: z.string().min(1),
} as const;
