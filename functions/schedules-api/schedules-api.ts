/** `/config/schedules`: which behaviour answers which operation. */
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  patchSchedule,
} from '#shared/api/operations/schedules.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { change, create, remove } from './change-schedules.ts';
import type { SchedulePorts } from './ports.ts';
import { list, read } from './read-schedules.ts';

export const schedulesApi = (ports: SchedulePorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listSchedules, list],
      [createSchedule, create],
      [getSchedule, read],
      [patchSchedule, change],
      [deleteSchedule, remove],
    ],
    ports,
    guard,
  );
