/**
 * How far a walk through states has come: plain data, so that an execution can be redriven from where it failed, and
 * goes on after a restart from where it was.
 */
import type { StateGraph } from './definition.ts';
import type { Json, JsonObject } from './json.ts';

export interface Progress {
  status: 'RUNNING' | 'SUCCEEDED';
  /** The state that runs, or that failed. */
  state: string;
  /** Its input. */
  input: Json;
  variables: JsonObject;
  output?: Json;
  /** The event of history that the next one of this walk follows. */
  lastEvent: number;
  /** When the state was entered, and by which event; `undefined` before. */
  entered?: { readonly event: number; readonly time: string } | undefined;
  /** Of a Parallel or an inline Map: its branches. */
  branches?: Progress[] | undefined;
  /** Of a Distributed Map: its run. */
  mapRunArn?: string | undefined;
}

export function beginning(graph: StateGraph, input: Json, lastEvent: number): Progress {
  return { status: 'RUNNING', state: graph.StartAt, input, variables: {}, lastEvent };
}
