import type { SandboxName } from '#shared/kernel/brand.ts';

export interface FeedRow {
  readonly sequence: number;
  /** The change as it was published: see the interface of the feed. */
  readonly change: { readonly time?: string | number; readonly [field: string]: unknown };
}

export interface FeedPosition {
  readonly sandboxName: SandboxName;
  readonly shard: number;
  /** The last sequence that was read; 0 before the first. */
  readonly after: number;
}

export interface ChangeReader {
  /** What follows, oldest first and without a gap that could still fill; what was retained too long is skipped. */
  read(position: FeedPosition, limit: number): Promise<readonly FeedRow[]>;
}
