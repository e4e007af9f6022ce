/** The items of a Map, and what is made of each before its iteration sees it. */
import type { MapState } from '../definition.ts';
import type { StateRun } from '../flow.ts';
import type { Json, JsonObject } from '../json.ts';
import { queryError } from '../state-error.ts';

export async function itemsOf(run: StateRun<MapState>): Promise<readonly Json[]> {
  const { Items } = run.state;
  const items = Items === undefined ? run.input : await run.evaluate(Items, 'Items');
  if (Array.isArray(items)) return items;
  throw queryError(`The field 'Items' must be an array, but is ${JSON.stringify(items).slice(0, 200)}.`);
}

/** `Map` of the context object. */
export function itemContext(value: Json, index: number): JsonObject {
  return { Item: { Index: index, Value: value } };
}

export async function selectItems(run: StateRun<MapState>, items: readonly Json[]): Promise<readonly Json[]> {
  const { ItemSelector } = run.state;
  if (ItemSelector === undefined) return items;
  const selected: Json[] = [];
  for (const [index, item] of items.entries()) {
    const scope = run.scope({}, itemContext(item, index));
    selected.push(await run.evaluate(ItemSelector, 'ItemSelector', scope));
  }
  return selected;
}
