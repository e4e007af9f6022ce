/**
 * `GET /changes`: the feed of a sandbox from a cursor on. Changes of one profile come in the order of its versions;
 * between profiles the order is roughly that of time.
 */
import type { ListChanges } from '#shared/api/changes.ts';
import { listChanges } from '#shared/api/operations/changes.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import { type OperationRequest, operationRouter } from '#shared/lambda/operation-router.ts';
import type { ChangeReader, FeedRow } from './change-reader.ts';
import { readCursor, writeCursor } from './feed-cursor.ts';

export interface ChangesPorts {
  readonly reader: ChangeReader;
  readonly feedShards: number;
}

export const changesApi = (ports: ChangesPorts) => operationRouter([[listChanges, readChanges]], ports);

async function readChanges(request: OperationRequest<typeof listChanges>, ports: ChangesPorts): Promise<HttpResponse> {
  const { after, limit } = request.query;
  const positions = readCursor(after, request.sandbox, ports.feedShards);
  const perShard = Math.ceil(limit / positions.length);
  const shards = await Promise.all(
    positions.map((position, shard) =>
      ports.reader.read({ sandboxName: request.sandbox, shard, after: position }, perShard),
    ),
  );
  const taken = takeOldest(shards, limit);
  const next = positions.map(
    (position, shard) => shards[shard]?.[(taken.counts[shard] ?? 0) - 1]?.sequence ?? position,
  );
  const body: ListChanges = {
    changes: taken.rows.map(({ change }) => change),
    next: writeCursor(next, request.sandbox),
    // A full shard may hold more; the next call tells.
    hasMore: shards.some(({ length }, shard) => length === perShard || length > (taken.counts[shard] ?? 0)),
  };
  return { status: 200, body };
}

/** Merges by time without ever reordering a shard. */
function takeOldest(shards: readonly (readonly FeedRow[])[], limit: number) {
  const counts = shards.map(() => 0);
  const rows: FeedRow[] = [];
  while (rows.length < limit) {
    const shard = oldestShard(shards, counts);
    if (shard === undefined) break;
    rows.push(shards[shard]?.[counts[shard] ?? 0] as FeedRow);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  return { rows, counts };
}

function oldestShard(shards: readonly (readonly FeedRow[])[], counts: readonly number[]): number | undefined {
  let oldest: { shard: number; time: string | number } | undefined;
  for (const [shard, rows] of shards.entries()) {
    const row = rows[counts[shard] ?? 0];
    if (row === undefined) continue;
    const { time = '' } = row.change;
    if (oldest === undefined || time < oldest.time) oldest = { shard, time };
  }
  return oldest?.shard;
}
