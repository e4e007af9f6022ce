/**
 * The walk after a publish, over profiles that no event touches: each pass wakes those behind the rules, and the pass that
 * finds nobody behind has shown that all are up to date. Publishes that come meanwhile are waited for by the next pass.
 */

/** What is known of a sandbox; kept from one walk to the next. */
export interface Backfill {
  /** Every profile was seen to follow these rules, or newer ones. */
  readonly verifiedVersion: number;
  /** The walk under way, or the last one. */
  readonly jobId: string | undefined;
  /** The newest rules that were met, and when first. */
  readonly seenVersion: number;
  readonly seenAt: number;
  /** The rules that the last pass looked for. */
  readonly passVersion: number;
  /** Passes over the same rules so far. */
  readonly passes: number;
  /** Of the last pass. */
  readonly behind: number;
  readonly profiles: number;
  /** Epoch milliseconds; before it no other pass starts for the same rules. */
  readonly nextPassAt: number;
  readonly revision: number;
}

export const NO_BACKFILL: Backfill = {
  verifiedVersion: 0,
  jobId: undefined,
  seenVersion: 0,
  seenAt: 0,
  passVersion: 0,
  passes: 0,
  behind: 0,
  profiles: 0,
  nextPassAt: 0,
  revision: 0,
};

export interface BackfillStore {
  find(sandboxName: string): Promise<Backfill | undefined>;
  /** False if it is no longer the one that was read. */
  put(sandboxName: string, before: Backfill | undefined, after: Backfill): Promise<boolean>;
}

/** The stream needs a while for those that were woken; and who stays behind is not looked for all day. */
const PAUSE_MS = 20_000;
const PAUSE_MS_MAX = 3_600_000;
/**
 * A process that has read the rules before may write somebody new by them for as long as it runs, a minute at most: what a
 * pass sees counts from then on.
 */
const SETTLED_AFTER_MS = 70_000;

export function isPassWanted(
  { verifiedVersion, seenVersion, passVersion, nextPassAt }: Backfill,
  rulesVersion: number,
  now: number,
): boolean {
  if (rulesVersion <= verifiedVersion) return false;
  return rulesVersion > Math.max(seenVersion, passVersion) || now >= nextPassAt;
}

export const withPass = (backfill: Backfill, jobId: string, rulesVersion: number, now: number): Backfill => ({
  ...backfill,
  jobId,
  seenVersion: rulesVersion,
  seenAt: rulesVersion > backfill.seenVersion ? now : backfill.seenAt,
  revision: backfill.revision + 1,
});

export interface Pass {
  readonly rulesVersion: number;
  /** When it began. */
  readonly asOf: number;
  readonly behind: number;
  readonly profiles: number;
}

export function passedThrough(before: Backfill | undefined, pass: Pass, now: number): Backfill {
  const backfill = before ?? NO_BACKFILL;
  const { verifiedVersion, passVersion, passes, seenVersion, seenAt, revision } = backfill;
  const { rulesVersion, asOf, behind, profiles } = pass;
  const again = rulesVersion === passVersion ? passes + 1 : 1;
  const settledAt = seenAt + SETTLED_AFTER_MS;
  // A pass by rules that were published after it was asked for says nothing yet: the next one does.
  const hasSettled = rulesVersion <= seenVersion && asOf >= settledAt;
  const pausedUntil = now + Math.min(PAUSE_MS * 2 ** (again - 1), PAUSE_MS_MAX);
  return {
    ...backfill,
    verifiedVersion: behind === 0 && hasSettled ? Math.max(verifiedVersion, rulesVersion) : verifiedVersion,
    passVersion: rulesVersion,
    passes: again,
    behind,
    profiles,
    nextPassAt: behind === 0 ? settledAt : Math.max(pausedUntil, settledAt),
    revision: revision + 1,
  };
}
