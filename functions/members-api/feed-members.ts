/** Who became a member after a snapshot, from the feed of changes: shard by shard, each up to where it was at first. */
import type { FeedCursor, MembersCursor } from './members-cursor.ts';
import type { FeedRow, MemberPorts } from './ports.ts';

export interface Entry {
  readonly profileId: string;
  /** When they came, by the change. */
  readonly at: number;
}

export interface FeedPart {
  readonly entries: readonly Entry[];
  /** Undefined at the end of the feed. */
  readonly next: FeedCursor | undefined;
}

const ROWS_PER_READ = 500;
/** Changes of other segments are passed over: one request passes so many rows at most. */
const READS_MAX = 6;

export async function startFeed(
  { sandbox, segmentId, jobId, asOf, cut }: MembersCursor,
  { feed, feedShards }: Pick<MemberPorts, 'feed' | 'feedShards'>,
): Promise<FeedCursor> {
  const shards = Array.from({ length: feedShards }, (_, shard) => feed.since(sandbox, shard, cut));
  return { sandbox, segmentId, jobId, asOf, cut, kind: 'feed', spans: [...(await Promise.all(shards))] };
}

export async function readFeed(
  cursor: FeedCursor,
  limit: number,
  { feed }: Pick<MemberPorts, 'feed'>,
): Promise<FeedPart> {
  const spans = cursor.spans.map((span) => ({ ...span }));
  const entries: Entry[] = [];
  for (let reads = 0; reads < READS_MAX && entries.length < limit; reads++) {
    const shard = spans.findIndex(({ after, to }) => after < to);
    const span = spans[shard];
    if (span === undefined) break;
    const rows = await feed.read(cursor.sandbox, shard, span, ROWS_PER_READ);
    // A gap at the front is one that fills in a moment: the next request finds it filled.
    if (rows.length === 0) break;
    span.after = take(rows, cursor, limit, entries);
  }
  const isDone = spans.every(({ after, to }) => after >= to);
  return { entries, next: isDone ? undefined : { ...cursor, spans } };
}

/** The number of the last row that was looked at. */
function take(rows: readonly FeedRow[], { segmentId, cut }: FeedCursor, limit: number, entries: Entry[]): number {
  let last = 0;
  for (const { sequence, change } of rows) {
    if (entries.length === limit) break;
    last = sequence;
    const at = Date.parse(String(change.time));
    const isEntry = change.segmentId === segmentId && change.status === 'realized' && at > cut;
    // Repeated since somebody refused something: they stand there already. After an outage they may not.
    if (isEntry && change.repeated !== 'consent') entries.push({ profileId: String(change.profileId), at });
  }
  return last;
}
