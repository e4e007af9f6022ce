/**
 * What a walk through states needs from around it, and one state at work. A walk is an execution's, a branch's of a
 * Parallel, or an iteration's of an inline Map.
 */
import type { MapState, State, StateGraph } from './definition.ts';
import { evaluate, type Scope } from './expression.ts';
import { type Json, type JsonObject, jsonBytes, PAYLOAD_BYTES_MAX } from './json.ts';
import type { Progress } from './progress.ts';
import { queryError, sizeError } from './state-error.ts';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** How an invocation of a function ended. */
export type Invoked =
  | { readonly ok: true; readonly requestId: string; readonly result: unknown }
  | { readonly ok: false; readonly requestId: string; readonly error: FunctionError };

/** What the items of a Distributed Map come to, before any of them runs. */
export interface MapRunRequest {
  readonly stateName: string;
  readonly state: MapState;
  readonly children: readonly { readonly input: Json; readonly itemCount: number }[];
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
}

export interface Surroundings {
  now(): number;
  /** Rejects when the signal is given. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** `undefined`: there is no such function. */
  invoke(functionName: string, payload: Json, signal: AbortSignal): Promise<Invoked | undefined>;
}

/** The execution as its states meet it. */
export interface Ports extends Surroundings {
  /** `Execution` and `StateMachine` of the context object. */
  context(): JsonObject;
  record(progress: Progress, type: string, details?: Readonly<Record<string, Json | undefined>>): number;
  /** Begins the run, or redrives the one that this state has begun. */
  runMap(request: MapRunRequest, progress: Progress, signal: AbortSignal): Promise<Json>;
  saved(): void;
}

export interface Flow {
  readonly ports: Ports;
  readonly graph: StateGraph;
  /** Of the walks around this one; read only. */
  readonly outerVariables: JsonObject;
  /** `Map` of the context object, in an iteration. */
  readonly mapItem?: JsonObject;
  readonly signal: AbortSignal;
  walk(flow: Flow, progress: Progress): Promise<Json>;
}

/** What a state came to, before its `Output` and `Assign`. */
export interface Performed {
  readonly result?: Json;
  /** What it hands on unless `Output` says otherwise. */
  readonly output: Json;
  /** Of a Choice: the rule, with the field that it stands in. */
  readonly rule?: { readonly next: string; readonly handsOn: object; readonly field: string };
}

export class StateRun<Type extends State = State> {
  readonly flow: Flow;
  readonly name: string;
  readonly state: Type;
  readonly progress: Progress;
  retryCount = 0;

  constructor(flow: Flow, progress: Progress, state: Type) {
    this.flow = flow;
    this.progress = progress;
    this.name = progress.state;
    this.state = state;
  }

  get input(): Json {
    return this.progress.input;
  }

  /** What the walks inside see of variables. */
  get variables(): JsonObject {
    return { ...this.flow.outerVariables, ...this.progress.variables };
  }

  record(type: string, details?: Readonly<Record<string, Json | undefined>>): void {
    this.progress.lastEvent = this.flow.ports.record(this.progress, type, details);
  }

  scope(more: JsonObject = {}, mapItem?: JsonObject): Scope {
    const item = mapItem ?? this.flow.mapItem;
    const context: JsonObject = {
      ...this.flow.ports.context(),
      State: { Name: this.name, EnteredTime: this.progress.entered?.time ?? '', RetryCount: this.retryCount },
      ...(item && { Map: item }),
    };
    return { states: { input: this.input, context, ...more }, variables: this.variables };
  }

  evaluate(template: Json, field: string, scope = this.scope()): Promise<Json> {
    return evaluate(template, field, scope);
  }

  /** A number that the field must be; `undefined` where it isn't written. */
  async number(template: Json | undefined, field: string): Promise<number | undefined> {
    if (template === undefined) return undefined;
    const value = await this.evaluate(template, field);
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    throw queryError(`The field '${field}' must be a non-negative integer, but is ${JSON.stringify(value)}.`);
  }

  /** The value, if it is within the limit. */
  within(value: Json, what = `The state/task '${this.name}' returned a result that`): Json {
    if (jsonBytes(value) <= PAYLOAD_BYTES_MAX) return value;
    throw sizeError(what);
  }
}
