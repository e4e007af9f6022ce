import type { getSchedule, listSchedules } from '#shared/api/operations/schedules.ts';
import { Problem } from '#shared/api/problem.ts';
import { type ScheduleList, scheduleEtag, toScheduleResource } from '#shared/api/schedules.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { Schedule } from '#shared/schedule/schedule.ts';
import type { SchedulePorts } from './ports.ts';

export async function findSchedule(
  sandbox: string,
  id: string,
  { schedules }: Pick<SchedulePorts, 'schedules'>,
): Promise<Schedule> {
  const schedule = await schedules.find(sandbox, id);
  if (schedule === undefined) throw new Problem('not-found', 'No schedule of this sandbox has this id.');
  return schedule;
}

export async function read(
  { sandbox, pathParameters }: OperationRequest<typeof getSchedule>,
  ports: SchedulePorts,
): Promise<HttpResponse> {
  const schedule = await findSchedule(sandbox, pathParameters.id, ports);
  return { status: 200, body: await resourceOf(schedule, ports), headers: { etag: scheduleEtag(schedule) } };
}

export async function list(
  { sandbox, query: { start, limit } }: OperationRequest<typeof listSchedules>,
  ports: SchedulePorts,
): Promise<HttpResponse> {
  const all = [...(await ports.schedules.list(sandbox))].sort(
    (left, right) => left.creationTime - right.creationTime || (left.id < right.id ? -1 : 1),
  );
  const children = await Promise.all(all.slice(start, start + limit).map((schedule) => resourceOf(schedule, ports)));
  const next = start + limit < all.length ? { next: String(start + limit) } : {};
  const body: ScheduleList = { _page: { totalCount: all.length, pageSize: children.length, ...next }, children };
  return { status: 200, body };
}

export async function resourceOf(schedule: Schedule, { schedules, now }: SchedulePorts) {
  const last = await schedules.lastFiring(schedule.sandboxName, schedule.id);
  return toScheduleResource(schedule, last, now());
}
