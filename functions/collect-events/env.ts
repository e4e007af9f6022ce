import * as z from 'zod';

export const env = {
  EVENT_STREAM: z.string().min(1),
} as const;
