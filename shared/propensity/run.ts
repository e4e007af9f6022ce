/**
 * One training or scoring of an instance, kept for ever after.
 *
 *     NEW ──▶ PROCESSING ──▶ SUCCEEDED | FAILED | CANCELLED
 *
 * SKIPPED from the beginning: it was due while another was under way.
 */

import type { Cutoffs } from './cutoffs.ts';
import type { DataCheck } from './data-check.ts';
import type { PropensitySpecification } from './instance.ts';
import type { ModelWarning } from './train-model.ts';

export const RUN_STATUSES = ['NEW', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * `train` makes a model and, if that is put into use, scores everybody by it; `score` uses the model there is. `clear` takes
 * the scores of an instance away that was deleted, and leaves nothing behind.
 */
export const RUN_KINDS = ['train', 'score', 'clear'] as const;
/** What callers and schedules begin. */
export const CALLED_KINDS = ['train', 'score'] as const;
export type CalledKind = (typeof CALLED_KINDS)[number];
export type RunKind = (typeof RUN_KINDS)[number];

/** Who began it: a caller of the API, or the instance's schedule. */
export const RUN_SOURCES = ['api', 'scheduler'] as const;
export type RunSource = (typeof RUN_SOURCES)[number];

export type RunErrorCode =
  | 'DATA_CHECK_FAILED'
  | 'NO_MODEL'
  | 'SPECIFICATION_INVALID'
  | 'CANCELLED'
  | 'PREVIOUS_UNDER_WAY'
  | 'UNEXPECTED';

export interface RunKey {
  readonly sandboxName: string;
  readonly instanceId: string;
  readonly runId: string;
}

/** How the model of a run did on people it had not seen, and whether it was put into use. */
export interface RunModel {
  readonly areaUnderCurve: number;
  readonly evaluationKind: 'out of time' | 'out of fold';
  readonly people: number;
  /** Means of what was foretold and of what then happened. */
  readonly expectedRate: number;
  readonly actualRate: number;
  /** The cutoff it was judged at, epoch milliseconds; absent out of fold. */
  readonly judgedAt?: number;
  readonly promoted: boolean;
  /** Why it was put into use, or not. */
  readonly reason: string;
  readonly warnings: readonly ModelWarning[];
}

export interface RunScores {
  readonly people: number;
  readonly low: number;
  readonly medium: number;
  readonly high: number;
  /** The sum of all probabilities: so many outcomes are expected. */
  readonly expected: number;
  /** Counted by a later run, once the window was over. */
  readonly followUp?: { readonly people: number; readonly occurred: number; readonly countedAt: number };
}

export interface PropensityRun extends RunKey {
  readonly kind: RunKind;
  readonly source: RunSource;
  /** When it was due, of a run by schedule; epoch milliseconds. */
  readonly scheduledTime?: number;
  readonly status: RunStatus;
  /** The instance's version that it follows. */
  readonly instanceVersion: number;
  readonly creationTime: number;
  readonly updateTime: number;
  readonly endTime?: number;
  readonly asOf?: number;
  readonly ranges?: number;
  readonly errorCode?: RunErrorCode;
  readonly message?: string;
  readonly dataCheck?: DataCheck;
  readonly model?: RunModel;
  readonly scores?: RunScores;
  readonly revision: number;
}

export const isOpenRun = ({ status }: Pick<PropensityRun, 'status'>): boolean =>
  status === 'NEW' || status === 'PROCESSING';

export const cancelled = (run: PropensityRun, message: string, now: number): PropensityRun => ({
  ...run,
  status: 'CANCELLED',
  errorCode: 'CANCELLED',
  message,
  endTime: now,
  updateTime: now,
  revision: run.revision + 1,
});

/** Ids begin with an instant, so that a store that sorts by them has runs in the order of time. */
export const runIdAt = (instant: number, suffix: string): string =>
  `${new Date(instant).toISOString().replace(/\D/g, '')}-${suffix}`;

/** Settled once when a run begins: whoever repeats a part of it does the same. */
export interface RunPlan {
  readonly format: 1;
  readonly kind: RunKind;
  readonly asOf: number;
  readonly ranges: number;
  readonly specification: PropensitySpecification;
  /** Absent where there is nothing to train on. */
  readonly cutoffs?: Cutoffs;
  readonly oldestEvent?: number;
  readonly lookbackDays: number;
  readonly seed: number;
  /** Of all people this share is looked at in training, by chance that their id decides. */
  readonly sampleShare: number;
  /** About how many there will be: decides where the model is trained. */
  readonly rowsExpected: number;
  /** Earlier runs whose window is over by now: how they turned out is counted on the way. */
  readonly followed: readonly { readonly runId: string; readonly asOf: number }[];
}
