import { DAY_MS, START } from '../workload/events.ts';

export const DEFINITIONS = 100;
export const RETENTION_MS = 1096 * DAY_MS;
/** The instant of the job: a month and a day after the first events. */
export const AS_OF = START + 31 * DAY_MS;
