/** Into how many segments to cut the table, when nobody has looked at it lately: found by a few of ever larger segments. */
import type { Census } from '#shared/preview/census.ts';
import { CENSUS_FRESH_MS } from '#shared/preview/census.ts';
import { segmentsInOrder } from '#shared/preview/segment-order.ts';
import { type Cut, cutFor, rowsPerSegment, TOTAL_SEGMENTS_MAX } from '#shared/preview/table-cut.ts';
import type { PreviewPorts } from './ports.ts';

interface Wanted {
  readonly sandbox: string;
  readonly seed: string;
  readonly census: Census | undefined;
  readonly at: number;
}

export async function findCut(
  { sandbox, seed, census, at }: Wanted,
  { segments }: Pick<PreviewPorts, 'segments'>,
): Promise<Cut> {
  if (census !== undefined && at - census.at < CENSUS_FRESH_MS) {
    const { totalSegments, scanned, share } = census;
    return { totalSegments, rowsPerSegment: rowsPerSegment(scanned / share, totalSegments) };
  }
  const rows = await probe(sandbox, seed, segments);
  const totalSegments = cutFor(rows, census?.totalSegments);
  return { totalSegments, rowsPerSegment: rowsPerSegment(rows, totalSegments) };
}

const PROBED = 4;
/** So few profiles tell the order of magnitude, which is all that the cut needs. */
const ENOUGH = 64;
/** Each round reads eight times as much of the table as the one before. */
const COARSER = 8;

async function probe(sandbox: string, seed: string, segments: PreviewPorts['segments']): Promise<number> {
  for (let total = TOTAL_SEGMENTS_MAX; ; total = Math.max(1, Math.floor(total / COARSER))) {
    const chosen = segmentsInOrder(seed, total, 0, PROBED);
    const read = await Promise.all(chosen.map((segment) => segments.read(sandbox, segment, total)));
    const found = read.reduce((sum, { scanned }) => sum + scanned, 0);
    if (found >= ENOUGH || chosen.length === total) return (found * total) / chosen.length;
  }
}
