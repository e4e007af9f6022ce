import * as z from 'zod';

export const env = {
  CONTROL_TABLE: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  JOB_STATE_MACHINE: z.string().min(1),
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_ROLE: z.string().min(1),
} as const;
