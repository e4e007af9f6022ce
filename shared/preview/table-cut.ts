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

/** About so many rows before the first answer, which comes within a second. */
const FIRST_ROWS = 512;
/** And so many before each later one at most. */
const STEP_ROWS_MAX = 4096;
/** An interval of at most one per cent of everybody to either side, at its widest. */
export const SAMPLE_ROWS = 10_000;
/** What is read of a table at most; all of it where it holds no more. */
export const ROWS_MAX = 50_000;

/** A preview reads to one look after another; which segments they are does not depend on what it finds. */
export interface Look {
  /** Segments read by then. */
  readonly segments: number;
  readonly isLast: boolean;
  /** Whether an answer that is good enough may end the preview here. */
  readonly mayEnd: boolean;
}

/** The look after so many segments; undefined behind the last. */
export function nextLook(totalSegments: number, segmentsRead: number): Look | undefined {
  const isCapped = totalSegments === TOTAL_SEGMENTS_MAX;
  const segmentsOf = (rows: number) => Math.ceil(rows / ROWS_PER_SEGMENT);
  // Of a table past the cap a segment holds more than it should, and one of them is as much as a request can do.
  const first = isCapped ? 1 : segmentsOf(FIRST_ROWS);
  const most = isCapped ? 4 : segmentsOf(STEP_ROWS_MAX);
  const end = isWholeRead(totalSegments) ? totalSegments : Math.min(totalSegments, segmentsOf(ROWS_MAX));
  if (segmentsRead >= end) return undefined;
  const segments = Math.min(end, segmentsRead + Math.min(most, Math.max(first, segmentsRead)));
  const mayEnd = !isWholeRead(totalSegments) && segments >= segmentsOf(SAMPLE_ROWS);
  return { segments, isLast: segments === end, mayEnd };
}

/** Whether the table is small enough to be read whole: then there is no error. */
export const isWholeRead = (totalSegments: number) => totalSegments * ROWS_PER_SEGMENT <= ROWS_MAX;
