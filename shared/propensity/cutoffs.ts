/** As of which instants people are looked at for training, and what is kept apart to judge the model by. */

const DAY_MS = 86_400_000;

export interface Cutoffs {
  /** Features before, outcome in the window after. The latest window ends now. */
  readonly final: readonly number[];
  /** For judging: what is trained on ended before what is foretold begins. Absent where history is too short for both. */
  readonly judged?: { readonly training: readonly number[]; readonly test: number };
}

export interface CutoffOptions {
  readonly oldestEvent: number;
  readonly now: number;
  readonly windowDays: number;
  /** How far before a cutoff there must be history. */
  readonly lookbackDays: number;
  /** At most so many instants of the same people: each adds rows, none adds people. */
  readonly cutoffsMax?: number;
}

const CUTOFFS_MAX = 2;
const STEP_DAYS = 30;

export function planCutoffs(options: CutoffOptions): Cutoffs {
  const { now, windowDays } = options;
  const window = windowDays * DAY_MS;
  const test = now - window;
  const training = cutoffsUntil(test - window, options);
  const final = cutoffsUntil(test, options);
  return training.length === 0 ? { final } : { final, judged: { training, test } };
}

function cutoffsUntil(
  latest: number,
  { oldestEvent, lookbackDays, cutoffsMax = CUTOFFS_MAX }: CutoffOptions,
): readonly number[] {
  return Array.from({ length: cutoffsMax }, (_, index) => latest - index * STEP_DAYS * DAY_MS).filter(
    (cutoff) => cutoff - lookbackDays * DAY_MS >= oldestEvent,
  );
}
