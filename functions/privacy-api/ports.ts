import type { ErasureJobs } from '#shared/privacy/erasure-job.ts';
import type { KeptTimes } from '#shared/privacy/receipt.ts';

export interface PrivacyPorts {
  readonly jobs: Pick<ErasureJobs, 'create' | 'find' | 'list'>;
  /** Of two the later one's is greater. */
  readonly newJobId: () => string;
  readonly now: () => number;
  readonly kept: KeptTimes;
}
