import * as z from 'zod';

export const CHANGES_LIMIT_DEFAULT = 100;
export const CHANGES_LIMIT_MAX = 1000;

export const listChanges = z.strictObject({
  /** The `next` of an earlier answer; without it the feed starts at the oldest change that is retained. */
  after: z.string().min(1).max(8192).optional(),
  limit: z.coerce.number().int().min(1).max(CHANGES_LIMIT_MAX).default(CHANGES_LIMIT_DEFAULT),
});

export const changeList = z.strictObject({
  changes: z.array(z.looseObject({})),
  /** Always there: after the last change it is where the next one will be. */
  next: z.string(),
  hasMore: z.boolean(),
});
export type ListChanges = z.output<typeof changeList>;
