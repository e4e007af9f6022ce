/** Where a reader of members is. Opaque to the reader, and of one definition of one sandbox. */
import * as z from 'zod';
import { Problem } from '#shared/api/problem.ts';

const place = z.number().int().min(0);

const source = {
  sandbox: z.string(),
  segmentId: z.string(),
  /** The job whose snapshot is read, if any, and the instant of it. */
  jobId: z.string().nullable(),
  asOf: place,
  /** Who became a member after it is taken from the feed, all others from the snapshot. */
  cut: z.number().int(),
} as const;

const cursor = z.discriminatedUnion('kind', [
  z.strictObject({ ...source, kind: z.literal('snapshot'), file: place, member: place }),
  z.strictObject({ ...source, kind: z.literal('feed'), spans: z.array(z.strictObject({ after: place, to: place })) }),
]);
export type MembersCursor = z.output<typeof cursor>;
export type SnapshotCursor = Extract<MembersCursor, { kind: 'snapshot' }>;
export type FeedCursor = Extract<MembersCursor, { kind: 'feed' }>;

const LENGTH_MAX = 8_192;

export function readCursor(text: string, sandbox: string, segmentId: string): MembersCursor {
  const read = text.length > LENGTH_MAX ? undefined : cursor.safeParse(parse(text)).data;
  if (read === undefined)
    throw new Problem('invalid-request', 'after is no cursor: use the "next" of an earlier answer.');
  if (read.sandbox === sandbox && read.segmentId === segmentId) return read;
  throw new Problem('invalid-request', 'The cursor is of another definition.');
}

export const writeCursor = (content: MembersCursor): string =>
  Buffer.from(JSON.stringify(content)).toString('base64url');

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
