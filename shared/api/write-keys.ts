/** `/config/writeKeys`: what lets a producer send by the Segment specification, into one sandbox and nothing else. */
import * as z from 'zod';
import { authoredLine } from './authored-text.ts';

export const WRITE_KEYS_PER_SANDBOX_MAX = 100;

export const createWriteKey = z.strictObject({
  /** Where it is used, for whoever must revoke it one day. */
  name: authoredLine(128).trim().min(1),
});

const writeKeyEntry = {
  id: z.string(),
  name: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
};

export const writeKeyList = z.strictObject({ writeKeys: z.array(z.strictObject(writeKeyEntry)) });
export type WriteKeyList = z.output<typeof writeKeyList>;

export const createdWriteKey = z.strictObject({
  ...writeKeyEntry,
  /** In this answer and never again: only its digest is kept. */
  writeKey: z.string(),
});
export type CreatedWriteKey = z.output<typeof createdWriteKey>;
