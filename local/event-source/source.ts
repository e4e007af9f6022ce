/** What an event source mapping reads from: a stream with shards, whoever holds it. */
import type { ShardReader } from './shard-consumer.ts';

export interface SourceShard {
  readonly id: string;
  /** Shards that are read to their end before this one. */
  readonly parents: readonly string[];
}

export interface Source {
  readonly arn: string;
  listShards(): Promise<readonly SourceShard[]>;
  /** `after` is the checkpoint of an earlier run. */
  open(shardId: string, after: string | undefined): Promise<ShardReader>;
  /** Calls back when there may be new shards. */
  onReshard(listener: () => void): void;
}

export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly time: number };

export function startingPosition(properties: Readonly<Record<string, unknown>>, place: string): StartingPosition {
  const type = properties.StartingPosition;
  if (type === 'TRIM_HORIZON' || type === 'LATEST') return { type };
  if (type === 'AT_TIMESTAMP') return { type, time: Number(properties.StartingPositionTimestamp) * 1000 };
  throw new Error(`${place}: ${JSON.stringify(type)} is not a StartingPosition`);
}
