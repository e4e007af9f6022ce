/** Previews of a made-up table whose truth is known: how often the interval holds it, and what was read for it. */
import { type Census, withPreview } from '#shared/preview/census.ts';
import { estimate } from '#shared/preview/interval.ts';
import {
  countedIn,
  isRunning,
  lookAfter,
  newPreview,
  type Preview,
  populationIn,
  withLook,
} from '#shared/preview/preview.ts';
import { generatorOf, segmentsInOrder } from '#shared/preview/segment-order.ts';
import { cutFor } from '#shared/preview/table-cut.ts';
import { NO_TALLY } from '#shared/preview/tally.ts';

export interface MadeTable {
  readonly totalSegments: number;
  /** By segment, for each profile whether it is a member. */
  readonly segments: readonly (readonly boolean[])[];
  readonly rows: number;
  readonly members: number;
}

/** Everybody in a segment by chance, as hashes of ids put them. */
export function madeTable(rows: number, share: number, seed: string): MadeTable {
  const next = generatorOf(seed);
  const totalSegments = cutFor(rows);
  const segments: boolean[][] = Array.from({ length: totalSegments }, () => []);
  let members = 0;
  for (let row = 0; row < rows; row++) {
    const isMember = next() < share;
    members += isMember ? 1 : 0;
    segments[Math.floor(next() * totalSegments)]?.push(isMember);
  }
  return { totalSegments, segments, rows, members };
}

/** Run to its end, by the rules that the service goes by. */
export function finishedPreview(table: MadeTable, seed: string, census?: Census): Preview {
  const { totalSegments } = table;
  const asked = { expression: '' };
  const request = {
    id: seed,
    sandboxName: 'prod',
    asked,
    wantsClauses: false,
    at: 0,
    seed,
    totalSegments,
    rowsPerSegment: 64,
  };
  let preview = newPreview(request, census);
  while (isRunning(preview)) {
    const look = lookAfter(preview);
    if (look === undefined) throw new Error('a preview that runs has something left to read');
    const chosen = segmentsInOrder(seed, totalSegments, preview.segmentsRead, look.segments);
    const read = chosen.flatMap((segment) => table.segments[segment] ?? []);
    const { tally } = preview;
    const matched = tally.matched + read.filter((isMember) => isMember).length;
    const found = tally.read + read.length;
    preview = withLook(preview, look, { ...NO_TALLY, scanned: found, read: found, matched });
  }
  return preview;
}

export interface Trials {
  readonly held: number;
  readonly trials: number;
  /** The seeds of previews whose interval did not hold the truth. */
  readonly missed: readonly string[];
  readonly rowsRead: number;
}

/** Each preview learns of the table's size what those before it saw, as in the service. */
export function runTrials(table: MadeTable, trials: number, name: string): Trials {
  const missed: string[] = [];
  let census: Census | undefined;
  let rowsRead = 0;
  for (let trial = 0; trial < trials; trial++) {
    const seed = `${name}-${trial}`;
    const preview = finishedPreview(table, seed, census);
    const { matched, read } = preview.tally;
    const { low, high } = estimate(matched, read, populationIn(preview));
    if (table.members < low || table.members > high) missed.push(seed);
    census = withPreview(census, countedIn(preview), 0);
    rowsRead += read;
  }
  return { held: trials - missed.length, trials, missed, rowsRead: Math.round(rowsRead / trials) };
}
