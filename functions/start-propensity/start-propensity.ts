/** An instance is due to be scored or trained: begins the run, once, however often it is told of the same instant. */
import { invariant } from '#shared/kernel/invariant.ts';
import { type BeginPorts, beginRun } from '#shared/propensity/begin-run.ts';
import type { PropensityInstance } from '#shared/propensity/instance.ts';
import { followInstance, isRunDueAt, removeTimers, type TimerInput } from '#shared/propensity/instance-timers.ts';
import type { PropensityStore } from '#shared/propensity/propensity-store.ts';
import { type CalledKind, type PropensityRun, runIdAt } from '#shared/propensity/run.ts';
import type { ScheduleTimers } from '#shared/schedule/schedule.ts';

export interface StartPorts extends BeginPorts {
  readonly store: Pick<
    PropensityStore,
    'findInstance' | 'findRun' | 'latestRun' | 'beginRun' | 'putRun' | 'addEndedRun'
  >;
  readonly timers: ScheduleTimers;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a timer sends. */
export interface DueInput extends TimerInput {
  /** ISO 8601; the same however often it is sent again. */
  readonly scheduledTime: string;
}

export type DueOutcome = 'begun' | 'skipped' | 'left-to-training' | 'no-instance' | 'not-due';

export async function startPropensity(input: DueInput, ports: StartPorts): Promise<DueOutcome> {
  const { sandboxName, instanceId, timerId, kind } = input;
  const scheduledTime = Date.parse(input.scheduledTime);
  invariant(Number.isFinite(scheduledTime), `a timer says when it was due, not ${input.scheduledTime}`);
  const instance = await ports.store.findInstance(sandboxName, instanceId);
  // Another may have its id by now.
  if (instance?.timerId !== timerId) {
    await removeTimers(timerId, ports.timers);
    return 'no-instance';
  }
  if (!isRunDueAt(instance, kind, scheduledTime)) {
    // The timer is of another version of the record.
    await followInstance(instance, ports);
    return 'not-due';
  }
  // Whoever trains scores everybody too.
  if (kind === 'score' && isRunDueAt(instance, 'train', scheduledTime)) return 'left-to-training';
  return beginDue(instance, kind, scheduledTime, ports);
}

async function beginDue(
  instance: PropensityInstance,
  due: CalledKind,
  scheduledTime: number,
  ports: StartPorts,
): Promise<DueOutcome> {
  const { sandboxName, id: instanceId, timerId, version, modelRunId } = instance;
  const now = ports.now();
  const run: PropensityRun = {
    sandboxName,
    instanceId,
    runId: runIdAt(scheduledTime, timerId),
    kind: modelRunId === undefined ? 'train' : due,
    source: 'scheduler',
    scheduledTime,
    status: 'NEW',
    instanceVersion: version,
    creationTime: now,
    updateTime: now,
    revision: 1,
  };
  const beginning = await beginRun(run, ports);
  if (beginning.outcome === 'begun') return beginning.run.status === 'SKIPPED' ? 'skipped' : 'begun';
  const message = `It was due while run ${beginning.run.runId} was under way.`;
  await ports.store.addEndedRun({ ...run, status: 'SKIPPED', errorCode: 'PREVIOUS_UNDER_WAY', message, endTime: now });
  return 'skipped';
}
