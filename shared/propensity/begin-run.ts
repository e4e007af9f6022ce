/** Runs of an instance begin one after the other: two at once would decide about one model. */
import type { PropensityStore } from './propensity-store.ts';
import { cancelled, isOpenRun, type PropensityRun } from './run.ts';

export interface BeginPorts {
  readonly store: Pick<PropensityStore, 'findRun' | 'latestRun' | 'beginRun' | 'putRun'>;
  /** Starting the same run again starts nothing. */
  readonly executions: { start(run: PropensityRun): Promise<void> };
}

/** `under-way`: another run has not ended, and this one was not begun. */
export type Beginning =
  | { readonly outcome: 'begun'; readonly run: PropensityRun }
  | { readonly outcome: 'under-way'; readonly run: PropensityRun };

/** A run of which nothing has been heard for so long has died. */
const SILENT_MS = 86_400_000;
const ATTEMPTS_MAX = 8;

/** Begun again, the same run is the one that there is. */
export async function beginRun(run: PropensityRun, ports: BeginPorts): Promise<Beginning> {
  const { store, executions } = ports;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const known = await store.findRun(run);
    const latest = known ?? (await store.latestRun(run.sandboxName, run.instanceId));
    if (known === undefined && latest !== undefined && !(await isOver(latest, run.creationTime, ports))) {
      return { outcome: 'under-way', run: latest };
    }
    if (known === undefined && !(await store.beginRun(run, latest))) continue;
    const begun = known ?? run;
    // Whoever made it may have died before it was started.
    if (isOpenRun(begun)) await executions.start(begun);
    return { outcome: 'begun', run: begun };
  }
  throw new Error(`run ${run.runId} of ${run.instanceId} met others that began at once ${ATTEMPTS_MAX} times`);
}

/** A silent one is ended, so that what may be left of it finds itself cancelled. */
async function isOver(latest: PropensityRun, now: number, { store }: BeginPorts): Promise<boolean> {
  if (!isOpenRun(latest)) return true;
  if (now - latest.updateTime < SILENT_MS) return false;
  return store.putRun(latest, cancelled(latest, 'Nothing was heard of it for a day.', now));
}
