/** Whoever reads the change feed by cursors, page after page, while it is being written. */
import { type FeedRow, MemoryChangeReader } from '#shared/memory/memory-change-feed.ts';
import { FEED_SHARDS, SANDBOX, type World } from './world.ts';

const PAGE = 7;

export class FeedReader {
  /** Rows in the order in which they were read, by feed shard. */
  readonly seen = new Map<string, FeedRow[]>();
  readonly #world: World;
  readonly #reader: MemoryChangeReader;
  #isRunning = false;

  constructor(world: World) {
    this.#world = world;
    const { changes, scheduler } = world;
    this.#reader = new MemoryChangeReader({
      query: (pk, after, limit) => scheduler.pause().then(() => changes.query(pk, after, limit)),
      has: (pk, sequence) => scheduler.pause().then(() => changes.has(pk, sequence)),
    });
  }

  /** Reads on in the background until there is nothing more for now. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#world.scheduler.start(async () => {
      for (const pk of feedShards()) await this.#readOn(pk);
      this.#isRunning = false;
    });
  }

  async #readOn(pk: string): Promise<void> {
    const seen = this.seen.get(pk) ?? [];
    this.seen.set(pk, seen);
    for (;;) {
      const page = await this.#reader.read(pk, seen.at(-1)?.sequence ?? 0, PAGE);
      if (page.length === 0) return;
      seen.push(...page);
    }
  }
}

export const feedShards = (): readonly string[] =>
  Array.from({ length: FEED_SHARDS }, (_, shard) => `${SANDBOX}#${shard}`);
