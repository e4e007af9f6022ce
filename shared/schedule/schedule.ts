/**
 * Work that is begun again and again. The record decides what is begun and when; a timer of EventBridge Scheduler only
 * wakes whoever reads the record, so a timer that is late, twice or out of date begins nothing that was not asked for.
 */
import type { ScheduledExport } from '#shared/batch/export-specification.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import { cronOccurrences } from './cron-occurrences.ts';
import { convertQuartz } from './quartz.ts';

export const SCHEDULE_TYPES = ['batch_segmentation', 'export'] as const;
export const SCHEDULE_STATES = ['active', 'inactive'] as const;

export interface Schedule {
  readonly id: string;
  readonly sandboxName: string;
  readonly name: string;
  readonly type: (typeof SCHEDULE_TYPES)[number];
  readonly properties: ScheduledExport;
  /** Quartz cron, as its author wrote it. */
  readonly schedule: string;
  readonly timeZone: string;
  readonly state: (typeof SCHEDULE_STATES)[number];
  /** From 1, one more with every change. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly creationTime: number;
  readonly updateTime: number;
}

export const FIRING_OUTCOMES = ['started', 'previous-under-way', 'too-many-jobs', 'refused'] as const;

/** What became of the last time that a schedule was due. */
export interface Firing {
  /** When it was due. */
  readonly scheduledTime: number;
  readonly outcome: (typeof FIRING_OUTCOMES)[number];
  readonly jobId?: string;
  /** Why it was refused. */
  readonly reason?: string;
}

export interface ScheduleStore {
  find(sandboxName: string, id: string): Promise<Schedule | undefined>;
  /** In no order. */
  list(sandboxName: string): Promise<readonly Schedule[]>;
  /** False if it is no longer the one that was read; without `before`, if the id is taken. */
  put(before: Schedule | undefined, after: Schedule): Promise<boolean>;
  /** False if it is no longer the one that was read. */
  delete(before: Schedule): Promise<boolean>;
  noteFiring(sandboxName: string, id: string, firing: Firing): Promise<void>;
  lastFiring(sandboxName: string, id: string): Promise<Firing | undefined>;
}

export interface ScheduleTimer {
  /** At most 64 letters, digits and `-_.`. */
  readonly name: string;
  /** Fields of `cron(…)`. */
  readonly cron: string;
  readonly timeZone: string;
  readonly isActive: boolean;
  /** What its target is called with, besides `scheduledTime`. */
  readonly input: Readonly<Record<string, string>>;
}

export interface ScheduleTimers {
  /** Made, or changed to be as it is said here. */
  put(timer: ScheduleTimer): Promise<void>;
  /** Also where there is none. */
  remove(name: string): Promise<void>;
}

export const timerOf = (schedule: Schedule): ScheduleTimer => ({
  name: schedule.id,
  cron: cronOf(schedule),
  timeZone: schedule.timeZone,
  isActive: schedule.state === 'active',
  input: { sandboxName: schedule.sandboxName, scheduleId: schedule.id },
});

export type Timed = Pick<Schedule, 'schedule' | 'timeZone'>;

/** Undefined where it is due no more. */
export const nextRunOf = (schedule: Timed, after: number): number | undefined =>
  cronOccurrences(cronOf(schedule), schedule.timeZone)(after);

export const isDueAt = (schedule: Timed, instant: number): boolean => nextRunOf(schedule, instant - 1) === instant;

/** The same for the same instant, so that whoever is woken twice makes one job. */
export const scheduledJobId = (scheduleId: string, instant: number): string =>
  `${scheduleId}-${new Date(instant).toISOString().slice(0, 16).replace(/\D/g, '')}`;

/** Fields of `cron(…)`. */
export function cronOf({ schedule }: Pick<Schedule, 'schedule'>): string {
  const converted = convertQuartz(schedule);
  invariant(converted.ok, `a stored schedule can be converted: ${schedule}`);
  return converted.value;
}
