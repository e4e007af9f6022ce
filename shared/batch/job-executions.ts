/** The executions that carry jobs out, as those who start them need them. */
import type { Job } from './job.ts';

export interface JobExecutions {
  /** Starting the same attempt again starts nothing. */
  start(job: Job): Promise<void>;
  /** Of the job's attempt. */
  state(job: Job): Promise<'none' | 'running' | 'ended'>;
}
