/** Parallel and the inline Map: walks within the walk. One that fails ends the others. */
import type { MapState, ParallelState, StateGraph } from '../definition.ts';
import type { Flow, Performed, StateRun } from '../flow.ts';
import type { Json, JsonObject } from '../json.ts';
import { beginning, type Progress } from '../progress.ts';
import { Aborted, HALTED } from '../state-error.ts';
import { itemContext, itemsOf, selectItems } from './items.ts';

/** So many iterations an inline Map runs at most, whatever is written. */
const INLINE_CONCURRENCY_MAX = 40;

export async function performParallel(run: StateRun<ParallelState>): Promise<Performed> {
  const { Branches, Arguments } = run.state;
  const input = Arguments === undefined ? run.input : await run.evaluate(Arguments, 'Arguments');
  if (!run.progress.branches) run.record('ParallelStateStarted');
  const { lastEvent } = run.progress;
  run.progress.branches ??= Branches.map((graph) => beginning(graph, input, lastEvent));
  const walks = run.progress.branches.map((progress, index) => ({ graph: Branches[index] as StateGraph, progress }));
  const result = run.within(await walkAll(run, walks, walks.length));
  run.record('ParallelStateSucceeded');
  return { result, output: result };
}

export async function performInlineMap(run: StateRun<MapState>): Promise<Performed> {
  const items = await itemsOf(run);
  const wanted = await run.number(run.state.MaxConcurrency, 'MaxConcurrency');
  if (!run.progress.branches) {
    run.record('MapStateStarted', { length: items.length });
    const { lastEvent } = run.progress;
    const inputs = await selectItems(run, items);
    run.progress.branches = inputs.map((input) => beginning(run.state.ItemProcessor, input, lastEvent));
  }
  const walks = run.progress.branches.map((progress, index) => ({
    graph: run.state.ItemProcessor,
    progress,
    mapItem: itemContext(items[index] as Json, index),
    index,
  }));
  const result = run.within(
    await walkAll(run, walks, Math.min(wanted || INLINE_CONCURRENCY_MAX, INLINE_CONCURRENCY_MAX)),
  );
  run.record('MapStateSucceeded');
  return { result, output: result };
}

interface Walk {
  readonly graph: StateGraph;
  readonly progress: Progress;
  readonly mapItem?: JsonObject;
  /** Of an iteration. */
  readonly index?: number;
}

/** The outputs in order, or the error of the walk that failed first. */
async function walkAll(run: StateRun, walks: readonly Walk[], concurrency: number): Promise<Json[]> {
  const { flow } = run;
  const failing = new AbortController();
  const signal = AbortSignal.any([flow.signal, failing.signal]);
  const inside = { ...flow, outerVariables: run.variables, signal };
  const failures: unknown[] = [];
  const waiting = walks.filter(({ progress }) => progress.status !== 'SUCCEEDED').values();
  const worker = async () => {
    for (const walk of waiting) {
      if (signal.aborted) return;
      try {
        await walkOne(run, inside, walk);
      } catch (error) {
        failures.push(error);
        failing.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const failure = failures.find((error) => !(error instanceof Aborted)) ?? failures[0];
  if (failure) throw failure;
  if (signal.aborted) throw new Aborted();
  return walks.map(({ progress }) => progress.output as Json);
}

async function walkOne(run: StateRun, inside: Flow, { graph, progress, mapItem, index }: Walk): Promise<void> {
  const { ports } = inside;
  const tell = (type: string) => {
    if (index !== undefined) progress.lastEvent = ports.record(progress, type, { name: run.name, index });
  };
  if (!progress.entered) tell('MapIterationStarted');
  try {
    await inside.walk({ ...inside, graph, ...(mapItem && { mapItem }) }, progress);
    tell('MapIterationSucceeded');
  } catch (error) {
    if (inside.signal.reason !== HALTED) tell(error instanceof Aborted ? 'MapIterationAborted' : 'MapIterationFailed');
    throw error;
  }
}
