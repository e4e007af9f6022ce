/**
 * Walks from state to state until one ends the walk.
 *
 *     enter ─▶ perform ─▶ Output, Assign ─▶ exit ─▶ next state, or the end
 *                 │ error: Retry ─▶ perform again, later
 *                 └ error: Catch ─▶ its Output, Assign ─▶ exit ─▶ its Next
 */
import type { Catcher, HandsOn, MapState, Retrier, State } from './definition.ts';
import { type Flow, type Performed, StateRun } from './flow.ts';
import { type Json, type JsonObject, jsonBytes, PAYLOAD_BYTES_MAX } from './json.ts';
import type { Progress } from './progress.ts';
import { matchesError, runtimeError, StateError, sizeError } from './state-error.ts';
import { performInlineMap, performParallel } from './states/branches.ts';
import { performDistributedMap } from './states/distributed-map.ts';
import { choose, fail, pass, wait } from './states/leaf-states.ts';
import { performTask } from './states/task.ts';

/** Returns the output of the last state. */
export async function walk(flow: Flow, progress: Progress): Promise<Json> {
  for (;;) {
    const state = flow.graph.States[progress.state];
    if (!state) throw runtimeError(`There is no state '${progress.state}'.`);
    const { next, output, assigned } = await runState(new StateRun(flow, progress, state));
    progress.variables = { ...progress.variables, ...assigned };
    progress.entered = undefined;
    progress.branches = undefined;
    progress.mapRunArn = undefined;
    if (next === undefined) {
      progress.status = 'SUCCEEDED';
      progress.output = output;
      return output;
    }
    progress.state = next;
    progress.input = output;
    flow.ports.saved();
  }
}

interface Left {
  readonly next: string | undefined;
  readonly output: Json;
  readonly assigned: JsonObject;
}

async function runState(run: StateRun): Promise<Left> {
  const { Type } = run.state;
  enter(run);
  const left = await attempt(run);
  if (Type !== 'Fail') {
    run.record(`${Type}StateExited`, { name: run.name, output: JSON.stringify(left.output) });
  }
  return left;
}

/** A state that a redrive or a restart comes back to was entered already. */
function enter(run: StateRun): void {
  const { progress, flow } = run;
  if (progress.entered) return;
  run.record(`${run.state.Type}StateEntered`, { name: run.name, input: JSON.stringify(run.input) });
  progress.entered = { event: progress.lastEvent, time: new Date(flow.ports.now()).toISOString() };
  flow.ports.saved();
}

async function attempt(run: StateRun): Promise<Left> {
  const attempts = new Map<Retrier, number>();
  for (;;) {
    try {
      const performed = await perform(run);
      const { next, handsOn, field } = performed.rule ?? { next: run.state.Next, handsOn: run.state, field: '' };
      const more: JsonObject = performed.result === undefined ? {} : { result: performed.result };
      return { next, ...(await handOn(run, handsOn as HandsOn, { field, more, otherwise: performed.output })) };
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const named = withPlace(run, error);
      if (await retries(run, named, attempts)) continue;
      return await recover(run, named);
    }
  }
}

function perform(run: StateRun): Performed | Promise<Performed> {
  const { state } = run;
  const as = <Type extends State>(_: Type) => run as unknown as StateRun<Type>;
  switch (state.Type) {
    case 'Pass':
    case 'Succeed':
      return pass(run);
    case 'Choice':
      return choose(as(state));
    case 'Wait':
      return wait(as(state));
    case 'Fail':
      return fail(as(state));
    case 'Task':
      return performTask(as(state));
    case 'Parallel':
      return performParallel(as(state));
    case 'Map':
      return isDistributed(state) ? performDistributedMap(as(state)) : performInlineMap(as(state));
  }
}

const isDistributed = ({ ItemProcessor }: MapState) => ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';

interface HandOn {
  /** Where `Output` and `Assign` stand. */
  readonly field: string;
  readonly more: JsonObject;
  readonly otherwise: Json;
}

async function handOn(
  run: StateRun,
  { Output, Assign }: HandsOn,
  { field, more, otherwise }: HandOn,
): Promise<{ readonly output: Json; readonly assigned: JsonObject }> {
  const scope = run.scope(more);
  const output = Output === undefined ? otherwise : await run.evaluate(Output, `${field}Output`, scope);
  const assigned = Assign === undefined ? {} : ((await run.evaluate(Assign, `${field}Assign`, scope)) as JsonObject);
  if (jsonBytes(assigned) > PAYLOAD_BYTES_MAX) throw sizeError(`What the state/task '${run.name}' assigns`);
  return { output: run.within(output), assigned };
}

/** The sentence with which the service says where an error of its own arose. */
function withPlace(run: StateRun, error: StateError): StateError {
  const isOwn = error.error === 'States.QueryEvaluationError' || error.error === 'States.Runtime';
  if (!isOwn || error.reason?.startsWith('An error occurred')) return error;
  const place = `An error occurred while executing the state '${run.name}' (entered at the event id #${run.progress.entered?.event}).`;
  return new StateError(error.error, `${place} ${error.reason ?? ''}`);
}

async function retries(run: StateRun, { error }: StateError, attempts: Map<Retrier, number>): Promise<boolean> {
  const { Retry = [] } = run.state as { Retry?: readonly Retrier[] };
  const retrier = Retry.find(({ ErrorEquals }) => matchesError(ErrorEquals, error));
  if (!retrier) return false;
  const made = attempts.get(retrier) ?? 0;
  if (made >= (retrier.MaxAttempts ?? 3)) return false;
  attempts.set(retrier, made + 1);
  const { ports, signal } = run.flow;
  await ports.pause(retryPauseMs(retrier, made), signal);
  run.retryCount += 1;
  // A Parallel or a Map is tried again whole.
  run.progress.branches = undefined;
  run.progress.mapRunArn = undefined;
  return true;
}

export function retryPauseMs(retrier: Retrier, attemptsMade: number, chance = Math.random): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** attemptsMade, MaxDelaySeconds);
  return seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? chance() : 1);
}

async function recover(run: StateRun, error: StateError): Promise<Left> {
  const { Catch = [] } = run.state as { Catch?: readonly Catcher[] };
  const index = Catch.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, error.error));
  const catcher = Catch[index];
  if (!catcher) throw error;
  const errorOutput: JsonObject = { Error: error.error, Cause: error.reason ?? '' };
  const how = { field: `Catch[${index}]/`, more: { errorOutput }, otherwise: errorOutput };
  try {
    return { next: catcher.Next, ...(await handOn(run, catcher, how)) };
  } catch (failure) {
    throw failure instanceof StateError ? withPlace(run, failure) : failure;
  }
}
