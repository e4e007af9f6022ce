/** Whether there is enough to learn from, and what is missing where there is not. Bounds: `docs/propensity.md`. */

/** What was counted as of the cutoffs that a model would be trained on. */
export interface DataFound {
  /** Epoch milliseconds of the oldest event of anybody; absent where there is no event. */
  readonly oldestEvent?: number;
  readonly now: number;
  readonly windowDays: number;
  /** The longest look back of the eligible population's conditions, in days; 0 without any. */
  readonly lookbackDays: number;
  /** People of the eligible population, at the latest cutoff, by what then happened. */
  readonly occurred: number;
  readonly notOccurred: number;
}

export type DataFindingCode =
  | 'NO_EVENTS'
  | 'HISTORY_TOO_SHORT'
  | 'TOO_FEW_WITH_OUTCOME'
  | 'TOO_FEW_WITHOUT_OUTCOME'
  | 'ONE_OUTCOME_ONLY';

export interface DataFinding {
  readonly code: DataFindingCode;
  readonly found: number;
  readonly needed: number;
  readonly message: string;
}

export interface DataCheck {
  readonly canTrain: boolean;
  readonly historyDays: number;
  readonly historyDaysNeeded: number;
  readonly eligible: number;
  readonly occurred: number;
  readonly notOccurred: number;
  readonly findings: readonly DataFinding[];
}

export const OUTCOMES_MIN = 500;
const LOOKBACK_DAYS_MIN = 30;
const DAY_MS = 86_400_000;

export function checkData(found: DataFound): DataCheck {
  const { oldestEvent, now, occurred, notOccurred } = found;
  const historyDays = oldestEvent === undefined ? 0 : Math.floor((now - oldestEvent) / DAY_MS);
  const historyDaysNeeded = historyDaysNeededBy(found);
  const findings = [
    ...(oldestEvent === undefined ? [noEvents()] : historyFinding(historyDays, historyDaysNeeded)),
    ...outcomeFindings(occurred, notOccurred),
  ];
  const eligible = occurred + notOccurred;
  return { canTrain: findings.length === 0, historyDays, historyDaysNeeded, eligible, occurred, notOccurred, findings };
}

export const historyDaysNeededBy = ({
  lookbackDays,
  windowDays,
}: Pick<DataFound, 'lookbackDays' | 'windowDays'>): number => Math.max(lookbackDays, LOOKBACK_DAYS_MIN) + windowDays;

const noEvents = (): DataFinding => ({
  code: 'NO_EVENTS',
  found: 0,
  needed: 1,
  message: 'No event is stored yet: send or import events first.',
});

function historyFinding(found: number, needed: number): DataFinding[] {
  if (found >= needed) return [];
  const message = `The oldest event is ${found} days old; ${needed} days are needed: what people did before, and the window after it.`;
  return [{ code: 'HISTORY_TOO_SHORT', found, needed, message }];
}

function outcomeFindings(occurred: number, notOccurred: number): DataFinding[] {
  if (occurred + notOccurred > 0 && (occurred === 0 || notOccurred === 0)) {
    const which = occurred === 0 ? 'nobody' : 'everybody';
    const message = `The outcome occurred to ${which} of ${occurred + notOccurred}: there is nothing to tell apart.`;
    return [{ code: 'ONE_OUTCOME_ONLY', found: 1, needed: 2, message }];
  }
  const few = (found: number, code: DataFindingCode, which: string): DataFinding[] =>
    found >= OUTCOMES_MIN
      ? []
      : [
          {
            code,
            found,
            needed: OUTCOMES_MIN,
            message: `${found} people ${which} the outcome; ${OUTCOMES_MIN} are needed.`,
          },
        ];
  return [...few(occurred, 'TOO_FEW_WITH_OUTCOME', 'with'), ...few(notOccurred, 'TOO_FEW_WITHOUT_OUTCOME', 'without')];
}
