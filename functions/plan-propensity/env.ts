import * as z from 'zod';

export const env = {
  PROFILES_TABLE: z.string().min(1),
  HISTORY_TABLE: z.string().min(1),
  CONTROL_TABLE: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  RETENTION_DAYS: z.coerce.number().int().positive(),
  /** People whom a model is trained on at most: of more a share is looked at. */
  TRAINING_PEOPLE_MAX: z.coerce.number().int().positive(),
  /** A run of kind `clear` waits for so long until it begins to walk. */
  CLEARING_WAIT_SECONDS: z.coerce.number().int().positive(),
} as const;
