/** Adds up what a run's parts found, or writes down why it failed. */
import {
  addFollowUps,
  addTallies,
  type FollowUp,
  NO_SCORES,
  type ScoresPart,
  type ScoreTally,
} from '#shared/propensity/insights.ts';
import { type PropensityFiles, type PropensityStore, runFile } from '#shared/propensity/propensity-store.ts';
import { isOpenRun, type PropensityRun, type RunKey, type RunScores } from '#shared/propensity/run.ts';

export interface FinishPorts {
  readonly store: PropensityStore;
  readonly files: PropensityFiles;
  readonly now: () => number;
}

export interface FinishInput extends RunKey {
  /** Of Step Functions, where a step failed in the end. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}

const CAUSE_LENGTH_MAX = 500;

export async function finishPropensity(
  { failure, ...key }: FinishInput,
  ports: FinishPorts,
): Promise<{ status: string }> {
  const run = await ports.store.findRun(key);
  if (run === undefined || !isOpenRun(run)) return { status: run?.status ?? 'GONE' };
  if (run.kind === 'clear' && failure === undefined) {
    await ports.store.forgetRun(run);
    return { status: 'SUCCEEDED' };
  }
  const ended = failure === undefined ? await succeeded(run, ports) : failed(run, failure);
  const endTime = ports.now();
  await ports.store.putRun(run, { ...ended, endTime, updateTime: endTime, revision: run.revision + 1 });
  return { status: ended.status };
}

function failed(
  run: PropensityRun,
  { Error: error = 'unknown', Cause: cause = '' }: NonNullable<FinishInput['failure']>,
): PropensityRun {
  return {
    ...run,
    status: 'FAILED',
    errorCode: 'UNEXPECTED',
    message: `${error}: ${cause}`.slice(0, CAUSE_LENGTH_MAX),
  };
}

async function succeeded(run: PropensityRun, { store, files }: FinishPorts): Promise<PropensityRun> {
  const instance = await store.findInstance(run.sandboxName, run.instanceId);
  const isScored = run.kind === 'score' || run.model?.promoted === true;
  if (!isScored) return { ...run, status: 'SUCCEEDED' };
  if (instance?.modelRunId === undefined) {
    return { ...run, status: 'FAILED', errorCode: 'NO_MODEL', message: 'No model is in use: train one first.' };
  }
  let tally: ScoreTally = NO_SCORES;
  let followUps: readonly FollowUp[] = [];
  for (let segment = 0; segment < (run.ranges ?? 0); segment++) {
    const part = (await files.read(runFile.scores(run, segment, 0))) as ScoresPart | undefined;
    if (part === undefined) continue;
    tally = addTallies(tally, part.tally);
    followUps = addFollowUps(followUps, part.followUps);
  }
  await files.put(runFile.insights(run), { modelRunId: instance.modelRunId, tally });
  for (const followUp of followUps) await keepFollowUp(run, followUp, { store });
  return { ...run, status: 'SUCCEEDED', scores: scoresOf(tally) };
}

/** The one that was counted first stands; a run that is gone needs none. */
async function keepFollowUp(
  { sandboxName, instanceId, asOf: countedAt = 0 }: PropensityRun,
  { runId, people, occurred }: FollowUp,
  { store }: Pick<FinishPorts, 'store'>,
): Promise<void> {
  const earlier = await store.findRun({ sandboxName, instanceId, runId });
  if (earlier?.scores === undefined || earlier.scores.followUp !== undefined) return;
  const scores = { ...earlier.scores, followUp: { people, occurred, countedAt } };
  await store.putRun(earlier, { ...earlier, scores, revision: earlier.revision + 1 });
}

function scoresOf({ buckets: { low, medium, high } }: ScoreTally): RunScores {
  return {
    people: low.people + medium.people + high.people,
    low: low.people,
    medium: medium.people,
    high: high.people,
    expected: low.expected + medium.expected + high.expected,
  };
}
