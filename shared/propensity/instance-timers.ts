/**
 * An instance is scored and trained by the clock, each at its own cadence: a timer for each of the two. The record decides
 * and the timers follow it; one that fires though the record says otherwise begins nothing, and is put right.
 */
import { cronOf, nextRunOf, type ScheduleTimer, type ScheduleTimers, type Timed } from '#shared/schedule/schedule.ts';
import type { PropensityInstance } from './instance.ts';
import type { PropensityStore } from './propensity-store.ts';
import { CALLED_KINDS, type CalledKind } from './run.ts';

/** What a timer sends, besides when it was due. */
export interface TimerInput {
  readonly sandboxName: string;
  readonly instanceId: string;
  readonly timerId: string;
  readonly kind: CalledKind;
}

export const timerName = (timerId: string, kind: CalledKind): string => `${timerId}-${kind}`;

function timedBy(
  { schedule, trainingSchedule }: Pick<PropensityInstance, 'schedule' | 'trainingSchedule'>,
  kind: CalledKind,
): Timed | undefined {
  const cadence = kind === 'train' ? trainingSchedule : schedule;
  return cadence && { schedule: cadence.expression, timeZone: cadence.timeZone ?? 'UTC' };
}

/** The next instant after `after`, also of a draft; undefined where it has no such schedule, or none that is due again. */
export function nextRunAt(
  instance: Pick<PropensityInstance, 'schedule' | 'trainingSchedule'>,
  kind: CalledKind,
  after: number,
): number | undefined {
  const timed = timedBy(instance, kind);
  return timed && nextRunOf(timed, after);
}

/** Nothing of a draft is due. */
export const isRunDueAt = (instance: PropensityInstance, kind: CalledKind, instant: number): boolean =>
  instance.state === 'active' && nextRunAt(instance, kind, instant - 1) === instant;

function timerOf(instance: PropensityInstance, kind: CalledKind): ScheduleTimer | undefined {
  const { sandboxName, id: instanceId, timerId, state } = instance;
  const timed = timedBy(instance, kind);
  if (timed === undefined) return undefined;
  const input: TimerInput = { sandboxName, instanceId, timerId, kind };
  const { timeZone } = timed;
  return {
    name: timerName(timerId, kind),
    cron: cronOf(timed),
    timeZone,
    isActive: state === 'active',
    input: { ...input },
  };
}

const ATTEMPTS_MAX = 8;

/** Whoever changes an instance at the same time puts its timers too: the last ones must be by the record that stands. */
export async function followInstance(
  instance: PropensityInstance,
  { store, timers }: { readonly store: Pick<PropensityStore, 'findInstance'>; readonly timers: ScheduleTimers },
): Promise<void> {
  let wanted: PropensityInstance | undefined = instance;
  for (let attempt = 1; wanted !== undefined && attempt <= ATTEMPTS_MAX; attempt++) {
    await putTimers(wanted, timers);
    const current = await store.findInstance(instance.sandboxName, instance.id);
    if (current?.timerId !== wanted.timerId) return removeTimers(wanted.timerId, timers);
    wanted = current.version === wanted.version ? undefined : current;
  }
}

async function putTimers(instance: PropensityInstance, timers: ScheduleTimers): Promise<void> {
  for (const kind of CALLED_KINDS) {
    const timer = timerOf(instance, kind);
    await (timer ? timers.put(timer) : timers.remove(timerName(instance.timerId, kind)));
  }
}

export async function removeTimers(timerId: string, timers: ScheduleTimers): Promise<void> {
  for (const kind of CALLED_KINDS) await timers.remove(timerName(timerId, kind));
}
