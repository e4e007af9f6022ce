/**
 * Wakes profiles whose time has come: their due times lie in an index, and each gets a timer record on the stream.
 *
 * An entry stays until its profile was evaluated, so a sweeper that stood still catches up by itself. What was sent is
 * not sent again for a while: the record may still wait in the stream.
 */
import type { ProfileKey } from '#shared/profile/profile-store.ts';

export interface DueProfile {
  readonly key: ProfileKey;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

export interface SweepPorts {
  /** Profiles of a shard due at or before the instant, the longest overdue first, at most `limit`. */
  readonly findDue: (shard: number, at: number, limit: number) => Promise<readonly DueProfile[]>;
  readonly sendTimers: (keys: readonly ProfileKey[]) => Promise<void>;
  readonly now: () => number;
}

export interface Sweep {
  readonly sent: number;
  /** Of the entry that was overdue longest, in milliseconds. */
  readonly latenessMs: number;
}

const RESEND_AFTER_MS = 60_000;
export const DUE_PER_SHARD_MAX = 2000;

/** What this process has sent, so that a sweep every few seconds sends an entry once. */
export class SentTimers {
  readonly #sentAt = new Map<string, number>();

  /** Remembers what it lets pass; forgets what may be sent again. */
  take(due: readonly DueProfile[], now: number): readonly DueProfile[] {
    for (const [entry, sentAt] of this.#sentAt) if (now - sentAt >= RESEND_AFTER_MS) this.#sentAt.delete(entry);
    const fresh = due.filter((profile) => !this.#sentAt.has(entryOf(profile)));
    for (const profile of fresh) this.#sentAt.set(entryOf(profile), now);
    return fresh;
  }

  /** For entries whose sending failed. */
  forget(due: readonly DueProfile[]): void {
    for (const profile of due) this.#sentAt.delete(entryOf(profile));
  }
}

const entryOf = ({ key, dueAt }: DueProfile) => `${key.sandboxName}#${key.profileId}#${dueAt}`;

export async function sweepDue(
  shards: number,
  sent: SentTimers,
  { findDue, sendTimers, now }: SweepPorts,
): Promise<Sweep> {
  const at = now();
  const found = await Promise.all(Array.from({ length: shards }, (_, shard) => findDue(shard, at, DUE_PER_SHARD_MAX)));
  const due = found.flat();
  const fresh = sent.take(due, at);
  try {
    if (fresh.length > 0) await sendTimers(fresh.map(({ key }) => key));
  } catch (error) {
    sent.forget(fresh);
    throw error;
  }
  const oldest = due.reduce((least, { dueAt }) => Math.min(least, dueAt), at);
  return { sent: fresh.length, latenessMs: at - oldest };
}
