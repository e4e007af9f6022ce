import * as z from 'zod';

export const env = {
  CONTROL_TABLE: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** Of more rows some are left out. */
  TRAINING_ROWS_MAX: z.coerce.number().int().positive(),
} as const;

/** A container is not called with a run; it is started for one. */
export const containerEnv = {
  ...env,
  SANDBOX_NAME: z.string().min(1),
  INSTANCE_ID: z.string().min(1),
  RUN_ID: z.string().min(1),
} as const;
