/** Requests and responses of `/config/schedules`: names and values are those of the published Segmentation API. */
import * as z from 'zod';
import { isTimeZone } from '#shared/schedule/cron-occurrences.ts';
import { convertQuartz } from '#shared/schedule/quartz.ts';
import {
  FIRING_OUTCOMES,
  type Firing,
  nextRunOf,
  SCHEDULE_STATES,
  SCHEDULE_TYPES,
  type Schedule,
} from '#shared/schedule/schedule.ts';
import { authoredLine } from './authored-text.ts';
import { createExportJob, SEGMENTS_PER_EXPORT_MAX } from './exports.ts';
import { SEGMENTS_PER_JOB_MAX } from './segment-jobs.ts';

export const SCHEDULES_PER_SANDBOX_MAX = 100;
const EXPRESSION_LENGTH_MAX = 500;

/** Quartz cron: seconds, minutes, hours, day of month, month, day of week, and a year if it must be. */
export const quartzExpression = z
  .string()
  .trim()
  .min(1)
  .max(EXPRESSION_LENGTH_MAX)
  .superRefine((text, { addIssue }) => {
    const converted = convertQuartz(text);
    if (!converted.ok) addIssue({ code: 'custom', message: `A schedule in Quartz cron ${converted.error}` });
  });

/** A name of the tz database, by whose clocks something is due. */
export const timeZoneName = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is a time zone of the tz database, as Europe/Berlin or UTC');

const properties = z.strictObject({
  /** Ids of definitions; `*` stands for every published one, and where it is an export for everybody. */
  segments: z.array(z.string().min(1).max(64)).min(1).max(SEGMENTS_PER_JOB_MAX),
  /** Of an export: what is written of each member, and where to. */
  export: createExportJob
    .pick({ fields: true, mergePolicy: true, consentPurpose: true, destination: true })
    .partial()
    .optional(),
});

export const authoredSchedule = z
  .strictObject({
    name: authoredLine(255).trim().min(1),
    type: z.enum(SCHEDULE_TYPES),
    properties,
    schedule: quartzExpression,
    timeZone: timeZoneName.default('UTC'),
    state: z.enum(SCHEDULE_STATES).default('inactive'),
  })
  .superRefine(({ type, properties: { segments, export: asked } }, { addIssue }) => {
    if (type !== 'export' && asked !== undefined)
      addIssue({ code: 'custom', path: ['properties', 'export'], message: 'is of schedules of the type export' });
    if (type === 'export' && segments.length > SEGMENTS_PER_EXPORT_MAX)
      addIssue({
        code: 'custom',
        path: ['properties', 'segments'],
        message: `of an export are at most ${SEGMENTS_PER_EXPORT_MAX}`,
      });
  });
export type AuthoredSchedule = z.output<typeof authoredSchedule>;

export const listSchedules = z.strictObject({
  start: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(100),
});

export const scheduleResource = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.enum(SCHEDULE_TYPES),
  properties: z.strictObject({ segments: z.array(z.string()), export: properties.shape.export }),
  schedule: z.string(),
  timeZone: z.string(),
  state: z.enum(SCHEDULE_STATES),
  /** Seconds since 1970. */
  createEpoch: z.number().int(),
  updateEpoch: z.number().int(),
  /** ISO 8601; null while it is inactive, and where it is due no more. */
  nextRun: z.string().nullable(),
  /** What became of it when it was last due. */
  lastRun: z
    .strictObject({
      scheduledTime: z.string(),
      outcome: z.enum(FIRING_OUTCOMES),
      jobId: z.string().optional(),
      reason: z.string().optional(),
    })
    .optional(),
});
export type ScheduleResource = z.output<typeof scheduleResource>;

export const scheduleList = z.strictObject({
  _page: z.strictObject({
    totalCount: z.number().int(),
    pageSize: z.number().int(),
    /** `start` of the next page. */
    next: z.string().optional(),
  }),
  children: z.array(scheduleResource),
});
export type ScheduleList = z.output<typeof scheduleList>;

export const authoredProperties = ({ segments, export: asked }: Schedule['properties']) => ({
  segments: [...segments],
  ...(asked !== undefined && {
    export: structuredClone(asked) as NonNullable<AuthoredSchedule['properties']['export']>,
  }),
});

/** The entity tag of a schedule's current version, as `If-Match` sends it back. */
export const scheduleEtag = ({ version }: Pick<Schedule, 'version'>): string => `"${version}"`;

export function toScheduleResource(schedule: Schedule, last: Firing | undefined, now: number): ScheduleResource {
  const { id, name, type, properties, schedule: cron, timeZone, state, creationTime, updateTime } = schedule;
  const next = state === 'active' ? nextRunOf(schedule, now) : undefined;
  return {
    ...{ id, name, type, properties: authoredProperties(properties), schedule: cron, timeZone, state },
    createEpoch: Math.floor(creationTime / 1000),
    updateEpoch: Math.floor(updateTime / 1000),
    nextRun: next === undefined ? null : new Date(next).toISOString(),
    ...(last && { lastRun: { ...last, scheduledTime: new Date(last.scheduledTime).toISOString() } }),
  };
}
