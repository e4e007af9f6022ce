/**
 * One execution, of a state machine or of an item of a Distributed Map.
 *
 *     RUNNING ──▶ SUCCEEDED
 *        │ ▲
 *        ▼ │ redrive
 *     FAILED | TIMED_OUT | ABORTED
 */
import type { Definition, MachineType } from './definition.ts';
import type { MapRunRequest, Ports, Surroundings } from './flow.ts';
import { addEvent, HISTORY_EVENTS_MAX, type HistoryEvent } from './history.ts';
import type { Json, JsonObject } from './json.ts';
import { beginning, type Progress } from './progress.ts';
import { Aborted, HALTED, runtimeError, StateError } from './state-error.ts';
import { walk } from './walk.ts';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Everything there is to know of an execution, as plain data. */
export interface ExecutionRecord {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly type: MachineType;
  readonly definition: Definition;
  readonly input: Json;
  /** Of a child of a Distributed Map. */
  readonly mapRunArn?: string | undefined;
  readonly itemCount?: number | undefined;
  readonly startedAt: number;
  status: Status;
  stoppedAt?: number | undefined;
  output?: Json | undefined;
  error?: string | undefined;
  cause?: string | undefined;
  redriveCount: number;
  redrivenAt?: number | undefined;
  readonly events: HistoryEvent[];
  progress: Progress;
}

export type NewExecution = Pick<
  ExecutionRecord,
  | 'arn'
  | 'name'
  | 'machineArn'
  | 'machineName'
  | 'roleArn'
  | 'type'
  | 'definition'
  | 'input'
  | 'mapRunArn'
  | 'itemCount'
>;

export interface ExecutionSurroundings extends Surroundings {
  runMap(parent: ExecutionRecord, request: MapRunRequest, progress: Progress, signal: AbortSignal): Promise<Json>;
  changed(record: ExecutionRecord): void;
}

interface End {
  readonly status: 'ABORTED' | 'TIMED_OUT';
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

const EXPRESS_SECONDS_MAX = 300;

export class Execution {
  readonly record: ExecutionRecord;
  readonly #surroundings: ExecutionSurroundings;
  #stopping = new AbortController();
  #end: End | undefined;
  #finished: Promise<void> = Promise.resolve();

  constructor(record: ExecutionRecord, surroundings: ExecutionSurroundings) {
    this.record = record;
    this.#surroundings = surroundings;
  }

  static create(given: NewExecution, surroundings: ExecutionSurroundings): Execution {
    const now = surroundings.now();
    const events: HistoryEvent[] = [];
    const details = { input: JSON.stringify(given.input), roleArn: given.roleArn };
    const lastEvent = addEvent(events, { type: 'ExecutionStarted', previous: 0, details, now });
    const progress = beginning(given.definition, given.input, lastEvent);
    const record = { ...given, status: 'RUNNING' as const, startedAt: now, redriveCount: 0, events, progress };
    return new Execution(record, surroundings);
  }

  /** Resolves when it has come to an end, whichever. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  /** Begins, or goes on after a restart of the runner. */
  run(): void {
    this.#stopping = new AbortController();
    this.#end = undefined;
    this.#finished = this.#run();
  }

  /** Ends it from outside; resolves when nothing of it runs any more. */
  async stop(end: End): Promise<void> {
    if (this.record.status !== 'RUNNING') return;
    this.#end ??= end;
    this.#stopping.abort();
    await this.#finished;
  }

  /** The runner stops: nothing more happens, and the next start goes on from here. */
  async halt(): Promise<void> {
    this.#stopping.abort(HALTED);
    await this.#finished;
  }

  redrive(): void {
    const { record } = this;
    record.status = 'RUNNING';
    record.redriveCount += 1;
    record.redrivenAt = this.#surroundings.now();
    record.stoppedAt = undefined;
    record.error = undefined;
    record.cause = undefined;
    this.#record('ExecutionRedriven', { redriveCount: record.redriveCount });
    this.run();
  }

  async #run(): Promise<void> {
    const { record } = this;
    this.#surroundings.changed(record);
    const timer = this.#startTimer();
    try {
      const flow = { ports: this.#ports(), graph: record.definition, outerVariables: {}, walk };
      record.output = await walk({ ...flow, signal: this.#stopping.signal }, record.progress);
      this.#finish('SUCCEEDED', 'ExecutionSucceeded', { output: JSON.stringify(record.output) });
    } catch (error) {
      this.#fail(error);
    } finally {
      timer.abort();
      this.#surroundings.changed(record);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof Aborted) {
      // Without an end it is the runner that stops, not the execution.
      if (!this.#end) return;
      const { status, error: name, cause } = this.#end;
      const type = status === 'ABORTED' ? 'ExecutionAborted' : 'ExecutionTimedOut';
      this.#finish(status, type, { error: name, cause });
    } else {
      const failure = error instanceof StateError ? error : runtimeError(String(error));
      this.#finish('FAILED', 'ExecutionFailed', { error: failure.error, cause: failure.reason });
    }
  }

  #finish(
    status: Status,
    type: string,
    details: { error?: string | undefined; cause?: string | undefined; output?: string },
  ): void {
    const { record } = this;
    record.status = status;
    record.stoppedAt = this.#surroundings.now();
    record.error = details.error;
    record.cause = details.cause;
    this.#record(type, details);
  }

  /** The time of a redrive begins anew. */
  #startTimer(): AbortController {
    const timer = new AbortController();
    const { definition, type } = this.record;
    const seconds = definition.TimeoutSeconds ?? (type === 'EXPRESS' ? EXPRESS_SECONDS_MAX : undefined);
    if (seconds === undefined) return timer;
    const { now, pause } = this.#surroundings;
    const since = this.record.redrivenAt ?? this.record.startedAt;
    pause(Math.max(0, since + seconds * 1000 - now()), timer.signal).then(
      () => this.stop({ status: 'TIMED_OUT', error: 'States.Timeout' }),
      () => {},
    );
    return timer;
  }

  #record(type: string, details: Readonly<Record<string, Json | undefined>>): void {
    const { events } = this.record;
    addEvent(events, { type, previous: events.length, details, now: this.#surroundings.now() });
  }

  #ports(): Ports {
    const { record } = this;
    const { now, pause, invoke, runMap, changed } = this.#surroundings;
    return {
      now,
      pause,
      invoke,
      context: () => contextOf(record),
      record: ({ lastEvent }, type, details) => {
        if (record.events.length >= HISTORY_EVENTS_MAX) {
          throw runtimeError('The execution reached the maximum number of history events (25000).');
        }
        return addEvent(record.events, { type, previous: lastEvent, details, now: now() });
      },
      runMap: (request, progress, signal) => runMap(record, request, progress, signal),
      saved: () => changed(record),
    };
  }
}

/** `Execution` and `StateMachine` of the context object. */
function contextOf(record: ExecutionRecord): JsonObject {
  const instant = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    Execution: {
      Id: record.arn,
      Input: record.input,
      Name: record.name,
      RoleArn: record.roleArn,
      StartTime: instant(record.startedAt),
      RedriveCount: record.redriveCount,
      ...(record.redrivenAt !== undefined && { RedriveTime: instant(record.redrivenAt) }),
    },
    StateMachine: { Id: record.machineArn, Name: record.machineName },
  };
}
