/** The distributed Map: items, selected and batched, become the inputs of executions of their own. */
import type { MapState } from '../definition.ts';
import type { Performed, StateRun } from '../flow.ts';
import { type Json, type JsonObject, jsonBytes, PAYLOAD_BYTES_MAX } from '../json.ts';
import { queryError } from '../state-error.ts';
import { itemsOf, selectItems } from './items.ts';

interface Child {
  readonly input: Json;
  readonly itemCount: number;
}

export async function performDistributedMap(run: StateRun<MapState>): Promise<Performed> {
  const { state, flow, progress } = run;
  const percentage = (await run.number(state.ToleratedFailurePercentage, 'ToleratedFailurePercentage')) ?? 0;
  if (percentage > 100) throw queryError(`The field 'ToleratedFailurePercentage' is at most 100, not ${percentage}.`);
  const maxConcurrency = (await run.number(state.MaxConcurrency, 'MaxConcurrency')) ?? 0;
  const toleratedFailureCount = (await run.number(state.ToleratedFailureCount, 'ToleratedFailureCount')) ?? 0;
  const items = await itemsOf(run);
  const request = {
    stateName: run.name,
    state,
    children: await childrenOf(run, await selectItems(run, items)),
    maxConcurrency,
    toleratedFailureCount,
    toleratedFailurePercentage: percentage,
  };
  if (progress.mapRunArn === undefined) run.record('MapStateStarted', { length: items.length });
  const result = run.within(await flow.ports.runMap(request, progress, flow.signal));
  run.record('MapStateSucceeded');
  return { result, output: result };
}

async function childrenOf(run: StateRun<MapState>, items: readonly Json[]): Promise<readonly Child[]> {
  const { ItemBatcher: batcher } = run.state;
  const children =
    batcher === undefined ? items.map((input) => ({ input, itemCount: 1 })) : await batchesOf(run, batcher, items);
  for (const { input } of children) run.within(input, `The input of a child execution of '${run.name}'`);
  return children;
}

async function batchesOf(
  run: StateRun<MapState>,
  batcher: NonNullable<MapState['ItemBatcher']>,
  items: readonly Json[],
): Promise<readonly Child[]> {
  const itemsMax =
    (await run.number(batcher.MaxItemsPerBatch, 'ItemBatcher/MaxItemsPerBatch')) || Number.MAX_SAFE_INTEGER;
  const bytesMax =
    (await run.number(batcher.MaxInputBytesPerBatch, 'ItemBatcher/MaxInputBytesPerBatch')) || PAYLOAD_BYTES_MAX;
  const { BatchInput } = batcher;
  const common: JsonObject =
    BatchInput === undefined ? {} : { BatchInput: await run.evaluate(BatchInput, 'ItemBatcher/BatchInput') };
  const emptyBytes = jsonBytes({ ...common, Items: [] });
  const batches: Json[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = batches.at(-1);
    bytes += jsonBytes(item) + 1;
    if (last && last.length < itemsMax && bytes <= bytesMax) {
      last.push(item);
    } else {
      batches.push([item]);
      bytes = emptyBytes + jsonBytes(item);
    }
  }
  return batches.map((batch) => ({ input: { ...common, Items: batch }, itemCount: batch.length }));
}
