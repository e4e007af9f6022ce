/** A schedule is due: starts the job that its record asks for, once, however often it is told of the same instant. */
import { isOpen, type Job, type JobKey, newJob } from '#shared/batch/job.ts';
import type { JobExecutions } from '#shared/batch/job-executions.ts';
import type { JobStore } from '#shared/batch/job-store.ts';
import { exportRequestOf, pointerInSchedule } from '#shared/export/scheduled-export.ts';
import { settleExport } from '#shared/export/settle-export.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
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
import { extensionsOf, type SchemaStore } from '#shared/schema/schema-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import { scheduledExportId } from './scheduled-export-id.ts';

export interface ScheduledPorts {
  readonly schedules: Pick<ScheduleStore, 'find' | 'noteFiring'>;
  readonly timers: ScheduleTimers;
  readonly jobs: Pick<JobStore, 'create' | 'find' | 'list'>;
  readonly rules: RulesStore;
  readonly schemas: Pick<SchemaStore, 'find'>;
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
const REASON_LENGTH_MAX = 500;

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
  const key = keyOf(schedule, scheduledTime);
  const { jobId, kind } = key;
  const open = (await ports.jobs.list(sandboxName, kind)).filter((job) => isOpen(job) && job.jobId !== jobId);
  const scheduled = open.filter((job) => job.scheduleId !== undefined);
  if (scheduled.some((job) => job.scheduleId === scheduleId)) return { scheduledTime, outcome: 'previous-under-way' };
  if (scheduled.length >= SCHEDULED_OPEN_MAX) return { scheduledTime, outcome: 'too-many-jobs' };
  const known = (await ports.jobs.find(key)) ?? (await makeJob(schedule, key, ports));
  if (typeof known === 'string') return { scheduledTime, outcome: 'refused', reason: known };
  // Whoever made it may have died before it was started; starting it again starts nothing.
  if (known !== undefined && isOpen(known)) await ports.executions.start(known);
  return { scheduledTime, outcome: 'started', jobId };
}

function keyOf({ sandboxName, type, id }: Schedule, scheduledTime: number): JobKey {
  return type === 'export'
    ? { sandboxName, kind: 'export', jobId: scheduledExportId(id, scheduledTime) }
    : { sandboxName, kind: 'segment', jobId: scheduledJobId(id, scheduledTime) };
}

/** In words, why there can be none. */
async function makeJob(schedule: Schedule, key: JobKey, ports: ScheduledPorts): Promise<Job | string | undefined> {
  const asked = await (schedule.type === 'export' ? askedExport(schedule, key.jobId, ports) : askedSegments(schedule));
  if (typeof asked === 'string') return asked;
  const { segmentIds, ...more } = asked;
  const made = newJob(key, { segmentIds, requestId: key.jobId, now: ports.now() });
  const job: Job = { ...made, ...more, scheduleId: schedule.id };
  return (await ports.jobs.create(job)) ? job : ports.jobs.find(key);
}

type Asked = Pick<Job, 'segmentIds' | 'exported'>;

async function askedSegments({ properties: { segments } }: Schedule): Promise<Asked> {
  return { segmentIds: segments.includes('*') ? '*' : [...new Set(segments)] };
}

/** Held to definitions and usage labels as they are now. */
async function askedExport(
  { properties, sandboxName: name }: Schedule,
  jobId: string,
  { rules, schemas }: ScheduledPorts,
): Promise<Asked | string> {
  const sandboxName = name as SandboxName;
  const [current, found] = await Promise.all([rules.current(sandboxName), schemas.find(sandboxName)]);
  const request = exportRequestOf(properties);
  const settled = settleExport({ request, sandboxName, jobId, rules: current, extensions: extensionsOf(found) });
  if (settled.ok) return { segmentIds: settled.value.segmentIds, exported: settled.value.specification };
  const reasons = settled.error.map(({ pointer, message }) => `${pointerInSchedule(pointer)} ${message}`);
  return reasons.join('; ').slice(0, REASON_LENGTH_MAX);
}
