import * as z from 'zod';

export const env = {
  /** Of the service, as its document names it. */
  VERSION: z.string().min(1),
} as const;
