/**
 * The record decides and the timer follows. A new timer comes before its record, and is taken away by itself if that
 * never comes; a changed one comes after, and is put right when it fires if this process dies before.
 */
import { patched } from '#shared/api/json-patch.ts';
import type { createSchedule, deleteSchedule, patchSchedule } from '#shared/api/operations/schedules.ts';
import { parseBody } from '#shared/api/parse-request.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import {
  type AuthoredSchedule,
  authoredProperties,
  authoredSchedule,
  SCHEDULES_PER_SANDBOX_MAX,
  scheduleEtag,
} from '#shared/api/schedules.ts';
import { exportRequestOf, pointerInSchedule } from '#shared/export/scheduled-export.ts';
import { settleExport } from '#shared/export/settle-export.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { nextRunOf, type Schedule, timerOf } from '#shared/schedule/schedule.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { SchedulePorts } from './ports.ts';
import { findSchedule, resourceOf } from './read-schedules.ts';

const TIMER_ATTEMPTS_MAX = 8;

export async function create(
  { sandbox, body }: OperationRequest<typeof createSchedule>,
  ports: SchedulePorts,
): Promise<HttpResponse> {
  const now = ports.now();
  await requireUse(sandbox, body, ports);
  if ((await ports.schedules.list(sandbox)).length >= SCHEDULES_PER_SANDBOX_MAX) {
    throw new Problem('limit-reached', `A sandbox has at most ${SCHEDULES_PER_SANDBOX_MAX} schedules.`);
  }
  const own = { id: ports.newId(), sandboxName: sandbox, version: 1, creationTime: now, updateTime: now };
  const schedule: Schedule = { ...body, ...own };
  await ports.timers.put(timerOf(schedule));
  if (!(await ports.schedules.put(undefined, schedule))) throw raced();
  return {
    status: 200,
    body: await resourceOf(schedule, ports),
    headers: { etag: scheduleEtag(schedule) },
    change: { id: schedule.id, name: schedule.name, after: schedule },
  };
}

export async function change(
  { sandbox, pathParameters, headers, body }: OperationRequest<typeof patchSchedule>,
  ports: SchedulePorts,
): Promise<HttpResponse> {
  const before = await findSchedule(sandbox, pathParameters.id, ports);
  requireEntityTag(headers, scheduleEtag(before), 'schedule');
  const authored = parseBody(authoredSchedule, patched(authoredOf(before), body));
  await requireUse(sandbox, authored, ports);
  const { id, sandboxName, creationTime, version } = before;
  const updateTime = Math.max(ports.now(), before.updateTime);
  const after: Schedule = { ...authored, id, sandboxName, creationTime, version: version + 1, updateTime };
  if (!(await ports.schedules.put(before, after))) throw raced();
  await followRecord(after, ports);
  return { status: 204, headers: { etag: scheduleEtag(after) }, change: { id, name: after.name, before, after } };
}

export async function remove(
  { sandbox, pathParameters, headers }: OperationRequest<typeof deleteSchedule>,
  ports: SchedulePorts,
): Promise<HttpResponse> {
  const before = await findSchedule(sandbox, pathParameters.id, ports);
  requireEntityTag(headers, scheduleEtag(before), 'schedule');
  if (!(await ports.schedules.delete(before))) throw raced();
  await ports.timers.remove(before.id);
  return { status: 204, change: { id: before.id, name: before.name, before } };
}

/** Whoever changes a schedule at the same time puts its timer too: the last one must be by the record that stands. */
async function followRecord(schedule: Schedule, { schedules, timers }: SchedulePorts): Promise<void> {
  let wanted: Schedule | undefined = schedule;
  for (let attempt = 1; wanted !== undefined && attempt <= TIMER_ATTEMPTS_MAX; attempt++) {
    await timers.put(timerOf(wanted));
    const current: Schedule | undefined = await schedules.find(schedule.sandboxName, schedule.id);
    if (current === undefined) {
      await timers.remove(schedule.id);
      return;
    }
    wanted = current.version === wanted.version ? undefined : current;
  }
}

function authoredOf({ name, type, properties, schedule, timeZone, state }: Schedule): AuthoredSchedule {
  return { name, type, properties: authoredProperties(properties), schedule, timeZone, state };
}

async function requireUse(sandbox: SandboxName, authored: AuthoredSchedule, ports: SchedulePorts): Promise<void> {
  if (nextRunOf(authored, ports.now()) === undefined) {
    const mistakes = [{ pointer: '/schedule', message: 'names no instant that is still to come' }];
    throw new Problem('invalid-request', 'The schedule is never due.', { mistakes });
  }
  await (authored.type === 'export' ? requireExport : requirePublished)(sandbox, authored, ports);
}

/** As it is now; it is looked at again each time that it is due. */
async function requireExport(
  sandboxName: SandboxName,
  { properties }: AuthoredSchedule,
  { rules, schemas }: SchedulePorts,
): Promise<void> {
  const [current, found] = await Promise.all([rules.current(sandboxName), schemas.find(sandboxName)]);
  const request = exportRequestOf(properties);
  const settled = settleExport({ request, sandboxName, jobId: '', rules: current, extensions: extensionsOf(found) });
  if (settled.ok) return;
  const mistakes = settled.error.map(({ pointer, message }) => ({ pointer: pointerInSchedule(pointer), message }));
  throw new Problem('invalid-request', 'The export can not be made as it is asked for.', { mistakes });
}

async function requirePublished(
  sandbox: SandboxName,
  { properties: { segments } }: AuthoredSchedule,
  { rules }: SchedulePorts,
): Promise<void> {
  if (segments.includes('*')) return;
  const { artifact } = await rules.current(sandbox);
  const published = new Set(artifact.definitions.map(({ id }) => id));
  const unknown = segments.filter((id) => !published.has(id));
  if (unknown.length === 0) return;
  throw new Problem('not-found', `No published definition of this sandbox has the id ${unknown.join(', ')}.`);
}

const raced = () => new Problem('conflict', 'Somebody else changed the schedule just now: read it again.');
