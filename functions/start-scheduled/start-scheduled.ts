/** A schedule is due: starts the job that its record asks for, once, however often it is told of the same instant. */
import { isOpen, type Job, type JobKey, newJob } from '#shared/batch/job.ts';
import type { JobExecutions } from '#shared/batch/job-executions.ts';
import type { JobStore } from '#shared/batch/job-store.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import {
  type Firing,
  isDueAt,
  type Schedule,
  type ScheduleStore,
  type ScheduleTimers,
  scheduledJobId,
  timerOf,
} from '#shared/schedule/schedule.ts';

export interface ScheduledPorts {
  readonly schedules: Pick<ScheduleStore, 'find' | 'noteFiring'>;
  readonly timers: ScheduleTimers;
  readonly jobs: Pick<JobStore, 'create' | 'find' | 'list'>;
  readonly executions: Pick<JobExecutions, 'start'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a timer sends. */
export interface ScheduledInput {
  readonly sandboxName: string;
  readonly scheduleId: string;
  /** ISO 8601; the same however often it is sent again. */
  readonly scheduledTime: string;
}

export type ScheduledOutcome = Firing['outcome'] | 'no-schedule' | 'not-due';

/** A schedule that was made a moment ago may not have its record yet. */
const YOUNG_MS = 60_000;
/** Beside those that callers start. */
const SCHEDULED_OPEN_MAX = 20;

export async function startScheduled(input: ScheduledInput, ports: ScheduledPorts): Promise<ScheduledOutcome> {
  const { sandboxName, scheduleId } = input;
  const scheduledTime = Date.parse(input.scheduledTime);
  invariant(Number.isFinite(scheduledTime), `a timer says when it was due, not ${input.scheduledTime}`);
  const schedule = await ports.schedules.find(sandboxName, scheduleId);
  if (schedule === undefined) return withoutRecord(scheduleId, scheduledTime, ports);
  if (schedule.state !== 'active' || !isDueAt(schedule, scheduledTime)) {
    // The timer is of another version of the record.
    await ports.timers.put(timerOf(schedule));
    return 'not-due';
  }
  const firing = await startJob(schedule, scheduledTime, ports);
  await ports.schedules.noteFiring(sandboxName, scheduleId, firing);
  return firing.outcome;
}

async function withoutRecord(scheduleId: string, scheduledTime: number, ports: ScheduledPorts): Promise<'no-schedule'> {
  if (ports.now() - scheduledTime < YOUNG_MS) return 'no-schedule';
  await ports.timers.remove(scheduleId);
  return 'no-schedule';
}

async function startJob(schedule: Schedule, scheduledTime: number, ports: ScheduledPorts): Promise<Firing> {
  const { sandboxName, id: scheduleId } = schedule;
  const jobId = scheduledJobId(scheduleId, scheduledTime);
  const key: JobKey = { sandboxName, kind: 'segment', jobId };
  const open = (await ports.jobs.list(sandboxName, 'segment')).filter((job) => isOpen(job) && job.jobId !== jobId);
  const scheduled = open.filter((job) => job.scheduleId !== undefined);
  if (scheduled.some((job) => job.scheduleId === scheduleId)) return { scheduledTime, outcome: 'previous-under-way' };
  if (scheduled.length >= SCHEDULED_OPEN_MAX) return { scheduledTime, outcome: 'too-many-jobs' };
  const { segments } = schedule.properties;
  const segmentIds = segments.includes('*') ? '*' : [...new Set(segments)];
  const job: Job = { ...newJob(key, { segmentIds, requestId: jobId, now: ports.now() }), scheduleId };
  const known = (await ports.jobs.create(job)) ? job : await ports.jobs.find(key);
  // Whoever made it may have died before it was started; starting it again starts nothing.
  if (known !== undefined && isOpen(known)) await ports.executions.start(known);
  return { scheduledTime, outcome: 'started', jobId };
}
