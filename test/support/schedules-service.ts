/** `/config/schedules` and what its timers call, over stores in memory. */
import { schedulesApi } from '#functions/schedules-api/schedules-api.ts';
import { type ScheduledInput, startScheduled } from '#functions/start-scheduled/start-scheduled.ts';
import type { Job } from '#shared/batch/job.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryJobStore } from '#shared/memory/memory-job-stores.ts';
import { MemoryScheduleStore, MemoryScheduleTimers } from '#shared/memory/memory-schedules.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules, NO_RULES, type RulesArtifact, type RulesChange } from '#shared/segment/rules.ts';
import { memoryGuard } from './change-guards.ts';
import { httpRequest } from './http-requests.ts';

const BASE = '/data/core/ups/config/schedules';
const NO_DEFINITIONS = compileRules(NO_RULES);

export class SchedulesService {
  readonly schedules = new MemoryScheduleStore();
  readonly timers = new MemoryScheduleTimers();
  readonly jobs = new MemoryJobStore();
  readonly started: string[] = [];
  readonly guard = memoryGuard();
  rules = NO_DEFINITIONS;
  now = Date.UTC(2026, 0, 1, 12);
  #ids = 0;

  #artifact: RulesArtifact | undefined;

  publish(id: string, expression: string): void {
    this.#follow({ kind: 'put', definition: { id, name: id, version: 1, expression } });
  }

  withdraw(id: string): void {
    this.#follow({ kind: 'delete', id });
  }

  #follow(change: RulesChange): void {
    this.#artifact = buildRules(this.#artifact, change);
    this.rules = compileRules(this.#artifact);
  }

  ask(method: string, parts: Partial<HttpRequest> = {}) {
    const routeKey = `${method} ${parts.pathParameters ? `${BASE}/{id}` : BASE}`;
    const ports = {
      schedules: this.schedules,
      timers: this.timers,
      rules: { current: async () => this.rules },
      schemas: { find: async () => ({}) },
      newId: () => `schedule-${++this.#ids}`,
      now: () => this.now,
    };
    return schedulesApi(ports, this.guard)(httpRequest({ roles: ['publisher'], ...parts, routeKey }));
  }

  /** What the scheduler sends when the timer is due. */
  due(scheduleId: string, at: number, more: Partial<ScheduledInput> = {}) {
    const { schedules, timers, jobs } = this;
    const scheduledTime = new Date(at).toISOString();
    const executions = {
      start: async ({ jobId, attempt }: Job) => {
        this.started.push(`${jobId}-${attempt}`);
      },
    };
    const reading = { rules: { current: async () => this.rules }, schemas: { find: async () => ({}) } };
    const ports = { schedules, timers, jobs, executions, ...reading, now: () => this.now };
    return startScheduled({ sandboxName: 'prod', scheduleId, scheduledTime, ...more }, ports);
  }
}
