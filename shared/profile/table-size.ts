/** About how many profiles the table holds, of any sandbox: found by a few of ever larger segments. */
import type { ProfileSegments } from './profile-segments.ts';

const PROBED = 4;
/** So few profiles tell the order of magnitude, which is all that a cut of the table needs. */
const ENOUGH = 64;
/** Each round reads eight times as much of the table as the one before. */
const COARSER = 8;

export interface Probing {
  readonly sandboxName: string;
  /** Into so many segments the table is cut at most: where the probing begins. */
  readonly totalSegmentsMax: number;
  /** Some segments of `total`, all of them where `count` are no fewer. */
  readonly choose: (count: number, total: number) => readonly number[];
}

export async function estimateProfiles(
  { sandboxName, totalSegmentsMax, choose }: Probing,
  segments: ProfileSegments,
): Promise<number> {
  for (let total = totalSegmentsMax; ; total = Math.max(1, Math.floor(total / COARSER))) {
    const chosen = choose(PROBED, total);
    const read = await Promise.all(chosen.map((segment) => segments.read(sandboxName, segment, total)));
    const found = read.reduce((sum, { scanned }) => sum + scanned, 0);
    if (found >= ENOUGH || chosen.length === total) return (found * total) / chosen.length;
  }
}
