/** Into how many segments to cut the table: as whoever looked at it lately found, or by a look at a few. */
import type { Census } from '#shared/preview/census.ts';
import { CENSUS_FRESH_MS } from '#shared/preview/census.ts';
import { segmentsInOrder } from '#shared/preview/segment-order.ts';
import { type Cut, cutFor, rowsPerSegment, TOTAL_SEGMENTS_MAX } from '#shared/preview/table-cut.ts';
import { estimateProfiles } from '#shared/profile/table-size.ts';
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
  const choose = (count: number, total: number) => segmentsInOrder(seed, total, 0, count);
  const probing = { sandboxName: sandbox, totalSegmentsMax: TOTAL_SEGMENTS_MAX, choose };
  const rows = await estimateProfiles(probing, segments);
  const totalSegments = cutFor(rows, census?.totalSegments);
  return { totalSegments, rowsPerSegment: rowsPerSegment(rows, totalSegments) };
}
