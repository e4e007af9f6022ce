import type { PeoplePorts } from '#shared/propensity/known-people.ts';
import type { PropensityFiles, PropensityStore } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun } from '#shared/propensity/run.ts';
import type { ScheduleTimers } from '#shared/schedule/schedule.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface PropensityPorts extends PeoplePorts {
  readonly store: PropensityStore;
  readonly files: PropensityFiles;
  readonly rules: RulesStore;
  readonly schemas: { extensions(sandboxName: string): Promise<SchemaExtensions> };
  /** Starting the same run again starts nothing. */
  readonly executions: { start(run: PropensityRun): Promise<void> };
  readonly timers: ScheduleTimers;
  readonly retentionMs: number;
  readonly now: () => number;
  readonly newId: () => string;
}
