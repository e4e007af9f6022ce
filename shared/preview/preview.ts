/**
 * One preview, from the question to a good enough answer. Whoever asks for it drives it: each request reads on to the next
 * look and stores what it has counted, if nobody else did so meanwhile.
 *
 *     NEW ──first look──▶ RUNNING ──good enough, or nothing left to read──▶ RESULT_READY
 *      └──────────────────────┴──the expression can't be evaluated──▶ FAILED
 */
import { type Census, type Counted, type KnownBefore, knownBefore, populationOf } from './census.ts';
import { estimate, type Population } from './interval.ts';
import type { QuestionText } from './question.ts';
import { type Look, nextLook, ROWS_MAX, SAMPLE_ROWS } from './table-cut.ts';
import { NO_TALLY, type Tally } from './tally.ts';

export type PreviewState = 'NEW' | 'RUNNING' | 'RESULT_READY' | 'FAILED';

export interface Preview {
  readonly id: string;
  readonly sandboxName: string;
  readonly asked: QuestionText;
  readonly comparedWith?: QuestionText;
  readonly wantsClauses: boolean;
  /** The instant that everybody is looked at, epoch milliseconds. */
  readonly at: number;
  /** The same seed reads the same profiles. */
  readonly seed: string;
  readonly totalSegments: number;
  readonly rowsPerSegment: number;
  readonly segmentsRead: number;
  /** What was known of the table's size when it began. */
  readonly before: KnownBefore;
  readonly tally: Tally;
  readonly state: PreviewState;
  /** Why it failed. */
  readonly failure?: string;
  /** One more with every store. */
  readonly revision: number;
}

export type PreviewRequest = Pick<
  Preview,
  'id' | 'sandboxName' | 'asked' | 'comparedWith' | 'wantsClauses' | 'at' | 'seed' | 'totalSegments' | 'rowsPerSegment'
>;

export const newPreview = (request: PreviewRequest, census: Census | undefined): Preview => ({
  ...request,
  segmentsRead: 0,
  before: knownBefore(census?.totalSegments === request.totalSegments ? census : undefined, request.seed, request.at),
  tally: NO_TALLY,
  state: 'NEW',
  revision: 0,
});

export const isRunning = ({ state }: Preview) => state === 'NEW' || state === 'RUNNING';

export const lookAfter = (preview: Preview): Look | undefined => nextLook(preview, preview.segmentsRead);

export function withLook(preview: Preview, look: Look, tally: Tally): Preview {
  const seen = { ...preview, tally, segmentsRead: look.segments };
  const isDone = look.isLast || (look.mayEnd && isGoodEnough(seen));
  return { ...seen, state: isDone ? 'RESULT_READY' : 'RUNNING' };
}

export const failed = (preview: Preview, failure: string): Preview => ({ ...preview, state: 'FAILED', failure });

export const isExact = ({ segmentsRead, totalSegments }: Preview) => segmentsRead === totalSegments;

export function populationIn(preview: Preview): Population {
  const { before, tally, segmentsRead, totalSegments } = preview;
  if (isExact(preview)) return { size: tally.read, relativeError: 0 };
  return populationOf(before, { share: segmentsRead / totalSegments, found: tally.read, scanned: tally.scanned });
}

/** What a finished preview adds to the census. */
export function countedIn(preview: Preview): Counted {
  const { tally, segmentsRead, totalSegments, seed } = preview;
  const { read: found, scanned } = tally;
  return { share: segmentsRead / totalSegments, found, scanned, seed, totalSegments, isExact: isExact(preview) };
}

const ERROR_OF_SIZE_MAX = 0.1;

/** Within a tenth of what it says. */
function isGoodEnough(preview: Preview): boolean {
  const { size, low, high } = estimate(preview.tally.matched, preview.tally.read, populationIn(preview));
  return Math.max(high - size, size - low) <= size * ERROR_OF_SIZE_MAX;
}

/** How many profiles are read before it ends, as far as is known. */
export function rowsToRead(preview: Preview): number {
  const { tally, state } = preview;
  if (isExact(preview) || !isRunning(preview) || state === 'FAILED') return tally.read;
  const { size } = populationIn(preview);
  const most = tally.scanned < SAMPLE_ROWS ? SAMPLE_ROWS : ROWS_MAX;
  const wanted = tally.scanned === 0 ? most : (most * tally.read) / tally.scanned;
  return Math.max(tally.read, Math.round(Math.min(wanted, size)));
}
