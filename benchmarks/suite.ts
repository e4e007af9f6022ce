/** What every suite is given, and what becomes of what it finds. */
import type { Workload } from './workload/model.ts';

export interface SuiteOptions {
  /** How many definitions; each suite has its own default. */
  readonly segments: number | undefined;
  readonly seed: number;
  readonly workload: Workload;
  /** The external module that it is from. */
  readonly workloadPath: string | undefined;
  /** Events a second, where the suite sends at a rate. */
  readonly rate: number | undefined;
  readonly progress: (line: string) => void;
}

export type Suite = (options: SuiteOptions) => Promise<object>;
