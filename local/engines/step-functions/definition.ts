/** Amazon States Language as far as it runs here: https://states-language.net, with JSONata as its query language. */
import type { Json, JsonObject } from './json.ts';

/** A walk: where it begins, and the states it may pass. */
export interface StateGraph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface Definition extends StateGraph {
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** What a state hands on: both may hold expressions, and both are evaluated before either takes effect. */
export interface HandsOn {
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

export interface Catcher extends HandsOn {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

export interface ChoiceRule extends HandsOn {
  readonly Condition: Json;
  readonly Next: string;
}

interface Common extends HandsOn {
  readonly Next?: string;
  readonly End?: boolean;
}

interface Recovering {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends Common {
  readonly Type: 'Pass';
}

export interface TaskState extends Common, Recovering {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Json;
  readonly TimeoutSeconds?: Json;
}

export interface ChoiceState extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitState extends Common {
  readonly Type: 'Wait';
  readonly Seconds?: Json;
  readonly Timestamp?: Json;
}

export interface SucceedState extends Common {
  readonly Type: 'Succeed';
}

export interface FailState extends Common {
  readonly Type: 'Fail';
  readonly Error?: Json;
  readonly Cause?: Json;
}

export interface ParallelState extends Common, Recovering {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateGraph[];
  readonly Arguments?: Json;
}

export interface ItemProcessor extends StateGraph {
  readonly ProcessorConfig?: { readonly Mode?: 'INLINE' | 'DISTRIBUTED'; readonly ExecutionType?: MachineType };
}

export interface ItemBatcher {
  readonly MaxItemsPerBatch?: Json;
  readonly MaxInputBytesPerBatch?: Json;
  readonly BatchInput?: Json;
}

export interface MapState extends Common, Recovering {
  readonly Type: 'Map';
  readonly ItemProcessor: ItemProcessor;
  readonly Items?: Json;
  readonly ItemSelector?: Json;
  readonly ItemBatcher?: ItemBatcher;
  readonly MaxConcurrency?: Json;
  readonly ToleratedFailureCount?: Json;
  readonly ToleratedFailurePercentage?: Json;
  readonly Label?: string;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

export type MachineType = 'STANDARD' | 'EXPRESS';
