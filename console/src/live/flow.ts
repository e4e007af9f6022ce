/** What the feed has said since the page was opened: the newest changes, and how soon they were seen. */
import type { PublishedChange } from '#shared/segment/membership-change.ts';

export type Change = Pick<
  PublishedChange,
  'id' | 'profileId' | 'identities' | 'segmentId' | 'segmentName' | 'status' | 'time' | 'cause'
>;

export interface Seen {
  readonly change: Change;
  readonly at: number;
  /** Milliseconds from the change until it was seen; unknown of what was there before the page looked. */
  readonly delay: number | undefined;
}

export interface Flow {
  /** The newest first. */
  readonly seen: readonly Seen[];
  /** Changes that were there before: their delays say nothing. */
  readonly read: number;
  readonly isLive: boolean;
  /** Milliseconds, of changes that came while the page was looking. */
  readonly exitDelays: readonly number[];
  readonly eventDelays: readonly number[];
}

export const KEPT_MAX = 200;
const DELAYS_MAX = 1_000;

export const EMPTY_FLOW: Flow = { seen: [], read: 0, isLive: false, exitDelays: [], eventDelays: [] };

export interface Page {
  readonly changes: readonly Change[];
  readonly hasMore: boolean;
}

export function withPage(flow: Flow, { changes, hasMore }: Page, now: number): Flow {
  const added = changes.map((change) => {
    const at = Date.parse(change.time);
    return { change, at, delay: flow.isLive ? Math.max(0, now - at) : undefined };
  });
  const delays = (matches: (change: Change) => boolean) =>
    added.flatMap(({ change, delay }) => (delay !== undefined && matches(change) ? [delay] : []));
  return {
    seen: [...added.toReversed(), ...flow.seen].slice(0, KEPT_MAX),
    read: flow.read + changes.length,
    isLive: flow.isLive || !hasMore,
    exitDelays: kept(
      flow.exitDelays,
      delays(({ cause, status }) => cause === 'time' && status === 'exited'),
    ),
    eventDelays: kept(
      flow.eventDelays,
      delays(({ cause }) => cause === 'event'),
    ),
  };
}

const kept = (before: readonly number[], added: readonly number[]) => [...before, ...added].slice(-DELAYS_MAX);

/** The smallest delay that the given share of them does not pass. */
export function percentile(delays: readonly number[], share: number): number | undefined {
  return delays.toSorted((left, right) => left - right)[Math.max(0, Math.ceil(delays.length * share) - 1)];
}

const MINUTE_MS = 60_000;

/** Of the last minute, by when they happened. */
export function lastMinute({ seen }: Flow, now: number): { readonly entered: number; readonly left: number } {
  const recent = seen.filter(({ at }) => now - at < MINUTE_MS);
  const entered = recent.filter(({ change }) => change.status === 'realized').length;
  return { entered, left: recent.length - entered };
}

export const nameOf = ({ identities, profileId }: Change): string =>
  (identities.find(({ primary }) => primary) ?? identities[0])?.id ?? profileId;
