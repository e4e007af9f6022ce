import type { ScheduleStore, ScheduleTimers } from '#shared/schedule/schedule.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface SchedulePorts {
  readonly schedules: ScheduleStore;
  readonly timers: ScheduleTimers;
  readonly rules: RulesStore;
  readonly schemas: Pick<SchemaStore, 'find'>;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
