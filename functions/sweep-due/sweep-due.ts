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
  /** Profiles of a shard due at or before the instant, the longest overdue first, at most `limit`, behind `after`. */
  readonly findDue: (shard: number, at: number, limit: number, after?: DueProfile) => Promise<readonly DueProfile[]>;
  readonly sendTimers: (keys: readonly ProfileKey[]) => Promise<void>;
  readonly now: () => number;
}

export interface Sweep {
  readonly sent: number;
  /** Of the entry that was overdue longest, in milliseconds. */
  readonly latenessMs: number;
}

/** The first pause before an entry that is still due is sent again; each further one is twice as long. */
const RESEND_AFTER_MS = 60_000;
const RESEND_AFTER_MS_MAX = 3_600_000;
const FORGET_AFTER_MS = 2 * RESEND_AFTER_MS_MAX;
export const DUE_PER_PAGE_MAX = 2000;
/**
 * Entries that were sent already must not hide those behind them, so a sweep reads on until it has a page of others. It
 * sends no more than that: at midnight everybody's windows end at once, and the stream is given them by and by.
 */
const PAGES_MAX = 20;

interface Sent {
  readonly at: number;
  readonly againAt: number;
}

/** What this process has sent. A stream that lags gets each entry seldom, however often sweeps come by. */
export class SentTimers {
  readonly #sent = new Map<string, Sent>();

  /** Lets pass what was not sent lately, and remembers it. */
  take(due: readonly DueProfile[], now: number): readonly DueProfile[] {
    for (const [entry, { at }] of this.#sent) if (now - at >= FORGET_AFTER_MS) this.#sent.delete(entry);
    const fresh = due.filter((profile) => this.isFresh(profile, now));
    for (const profile of fresh) this.#remember(entryOf(profile), now);
    return fresh;
  }

  isFresh(profile: DueProfile, now: number): boolean {
    return (this.#sent.get(entryOf(profile))?.againAt ?? now) <= now;
  }

  #remember(entry: string, now: number): void {
    const before = this.#sent.get(entry);
    const pause =
      before === undefined ? RESEND_AFTER_MS : Math.min(2 * (before.againAt - before.at), RESEND_AFTER_MS_MAX);
    this.#sent.set(entry, { at: now, againAt: now + pause });
  }

  /** For entries whose sending failed. */
  forget(due: readonly DueProfile[]): void {
    for (const profile of due) this.#sent.delete(entryOf(profile));
  }
}

const entryOf = ({ key, dueAt }: DueProfile) => `${key.sandboxName}#${key.profileId}#${dueAt}`;

export async function sweepDue(
  shards: number,
  sent: SentTimers,
  { findDue, sendTimers, now }: SweepPorts,
): Promise<Sweep> {
  const at = now();
  const found = await Promise.all(Array.from({ length: shards }, (_, shard) => findAllDue(shard, at, sent, findDue)));
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

async function findAllDue(
  shard: number,
  at: number,
  sent: SentTimers,
  findDue: SweepPorts['findDue'],
): Promise<readonly DueProfile[]> {
  const due: DueProfile[] = [];
  let fresh = 0;
  for (let page = 0; page < PAGES_MAX && fresh < DUE_PER_PAGE_MAX; page++) {
    const found = await findDue(shard, at, DUE_PER_PAGE_MAX, due.at(-1));
    const wanted = found.filter((profile) => sent.isFresh(profile, at)).length;
    // Of a page that would send too many the rest waits for the next sweep.
    due.push(...(fresh + wanted > DUE_PER_PAGE_MAX ? found.slice(0, DUE_PER_PAGE_MAX - fresh) : found));
    fresh += wanted;
    if (found.length < DUE_PER_PAGE_MAX) break;
  }
  return due;
}
