/** Into how many segments the table is cut, and how much of it a preview reads before it looks at what it has. */

/** Small enough that one is read at once, large enough that a request is worth its round trip. */
export const ROWS_PER_SEGMENT = 64;
/** The largest power of two that DynamoDB takes. */
export const TOTAL_SEGMENTS_MAX = 2 ** 19;

/**
 * A power of two, and the one of before unless that has become far too fine or too coarse: previews of one seed read the
 * same profiles only as long as the table is cut alike.
 */
export function cutFor(tableRows: number, before?: number): number {
  const ideal = tableRows / ROWS_PER_SEGMENT;
  const isStillRight = before !== undefined && before <= ideal * 2.5 && before >= ideal / 2.5;
  if (isStillRight) return before;
  return Math.min(TOTAL_SEGMENTS_MAX, 2 ** Math.max(0, Math.round(Math.log2(Math.max(ideal, 1)))));
}

/** About so many profiles a segment: the size aimed at, but of tables past the finest cut. */
export function rowsPerSegment(tableRows: number, totalSegments: number): number {
  if (totalSegments < TOTAL_SEGMENTS_MAX) return ROWS_PER_SEGMENT;
  return Math.max(ROWS_PER_SEGMENT, 2 ** Math.round(Math.log2(tableRows / totalSegments)));
}

/** About so many rows before the first answer, which comes within a second. */
const FIRST_ROWS = 512;
/** And so many before each later one at most: what a request that has begun to read must be able to finish. */
const STEP_ROWS_MAX = 1024;
/** An interval of at most one per cent of everybody to either side, at its widest. */
export const SAMPLE_ROWS = 10_000;
/** What is read of a table at most; all of it where it holds no more. */
export const ROWS_MAX = 50_000;

export interface Cut {
  readonly totalSegments: number;
  readonly rowsPerSegment: number;
}

/** A preview reads to one look after another; which segments they are does not depend on what it finds. */
export interface Look {
  /** Segments read by then. */
  readonly segments: number;
  readonly isLast: boolean;
  /** Whether an answer that is good enough may end the preview here: at few looks, for each is a chance to end by luck. */
  readonly mayEnd: boolean;
}

/** The look after so many segments; undefined behind the last. */
export function nextLook(cut: Cut, segmentsRead: number): Look | undefined {
  const { totalSegments } = cut;
  const segmentsOf = (rows: number) => Math.ceil(rows / cut.rowsPerSegment);
  const isWhole = isWholeRead(totalSegments);
  const end = isWhole ? totalSegments : Math.min(totalSegments, segmentsOf(ROWS_MAX));
  if (segmentsRead >= end) return undefined;
  let decision = segmentsOf(SAMPLE_ROWS);
  while (decision <= segmentsRead) decision *= 2;
  const step = Math.min(segmentsOf(STEP_ROWS_MAX), Math.max(segmentsOf(FIRST_ROWS), segmentsRead));
  const segments = Math.min(end, decision, segmentsRead + step);
  return { segments, isLast: segments === end, mayEnd: !isWhole && segments === decision };
}

/** Whether the table is small enough to be read whole: then there is no error. */
export const isWholeRead = (totalSegments: number) => totalSegments * ROWS_PER_SEGMENT <= ROWS_MAX;
