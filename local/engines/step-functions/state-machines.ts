/** The state machines of a deployment, their executions, and the runs of their Distributed Maps. */
import { randomUUID } from 'node:crypto';
import { arnOf } from '../../aws-account.ts';
import { AwsError } from '../aws-json.ts';
import type { Definition, MachineType } from './definition.ts';
import { Execution, type ExecutionRecord, type ExecutionSurroundings, type NewExecution } from './execution.ts';
import { ExecutionStore } from './execution-store.ts';
import type { MapRunRequest, Surroundings } from './flow.ts';
import { addEvent } from './history.ts';
import { type Json, type JsonObject, jsonBytes, PAYLOAD_BYTES_MAX } from './json.ts';
import { MapRun, type MapRunRecord } from './map-run.ts';
import type { Progress } from './progress.ts';
import { Aborted, HALTED } from './state-error.ts';

export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly type: MachineType;
  readonly definition: Definition;
  readonly createdAt: number;
}

export class StateMachines {
  readonly #surroundings: ExecutionSurroundings;
  readonly #machines = new Map<string, StateMachine>();
  /** In the order of their start. */
  readonly #executions = new Map<string, Execution>();
  readonly #mapRuns = new Map<string, MapRun>();
  readonly #store: ExecutionStore;

  constructor(surroundings: Surroundings, store = new ExecutionStore()) {
    this.#store = store;
    this.#surroundings = {
      ...surroundings,
      runMap: (parent, request, progress, signal) => this.#runMap(parent, { request, progress, signal }),
      changed: (record) => this.#changed(record),
    };
    for (const { record, mapRuns } of store.load(surroundings.now())) {
      this.#executions.set(record.arn, new Execution(record, this.#surroundings));
      for (const run of mapRuns) this.#mapRuns.set(run.arn, this.#mapRunOf(run, record));
    }
    this.#dropStrays();
  }

  create(given: Pick<StateMachine, 'name' | 'roleArn' | 'type' | 'definition'>): StateMachine {
    const arn = arnOf('states', `stateMachine:${given.name}`);
    const machine = { ...given, arn, createdAt: this.#surroundings.now() };
    this.#machines.set(arn, machine);
    return machine;
  }

  list(): readonly StateMachine[] {
    return [...this.#machines.values()];
  }

  find(arn: string): StateMachine {
    const found = this.#machines.get(arn);
    if (found) return found;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  executions(): readonly Execution[] {
    return [...this.#executions.values()];
  }

  findExecution(arn: string): Execution {
    const found = this.#executions.get(arn);
    if (found) return found;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  mapRuns(): readonly MapRun[] {
    return [...this.#mapRuns.values()];
  }

  findMapRun(arn: string): MapRun {
    const found = this.#mapRuns.get(arn);
    if (found) return found;
    throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
  }

  /** The same name with the same input is the same execution while it runs. */
  start(machine: StateMachine, input: Json, name: string = randomUUID()): Execution {
    if (jsonBytes(input) > PAYLOAD_BYTES_MAX) {
      throw new AwsError('ValidationException', `input has at most ${PAYLOAD_BYTES_MAX} bytes`);
    }
    if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name)) {
      throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    }
    const isExpress = machine.type === 'EXPRESS';
    const path = `${machine.name}:${name}`;
    const arn = arnOf('states', isExpress ? `express:${path}:${randomUUID()}` : `execution:${path}`);
    const existing = this.#executions.get(arn)?.record;
    if (existing) {
      const isSame = existing.status === 'RUNNING' && JSON.stringify(existing.input) === JSON.stringify(input);
      if (isSame) return this.findExecution(arn);
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const { arn: machineArn, name: machineName, roleArn, type, definition } = machine;
    return this.#begin({ arn, name, machineArn, machineName, roleArn, type, definition, input });
  }

  /** What ran when the runner stopped goes on; children when their parent comes to them. */
  resume(): void {
    for (const execution of this.#executions.values()) {
      const { status, mapRunArn } = execution.record;
      if (status === 'RUNNING' && mapRunArn === undefined) execution.run();
    }
  }

  /** Nothing more happens; what is kept is kept. */
  async halt(): Promise<void> {
    await Promise.all([...this.#executions.values()].map((execution) => execution.halt()));
    this.#store.flush();
  }

  /** Children that a killed runner kept before it kept whose they are. */
  #dropStrays(): void {
    for (const { record } of this.#executions.values()) {
      const run = record.mapRunArn === undefined ? undefined : this.#mapRuns.get(record.mapRunArn)?.record;
      const isStray = record.mapRunArn !== undefined && !run?.children.some(({ arn }) => arn === record.arn);
      if (isStray) this.#executions.delete(record.arn);
    }
  }

  #changed(record: ExecutionRecord): void {
    this.#store.changed(record.arn, () => {
      const runs = [...this.#mapRuns.values()].map((run) => run.record);
      return { record, mapRuns: runs.filter(({ executionArn }) => executionArn === record.arn) };
    });
  }

  #begin(given: NewExecution): Execution {
    const execution = Execution.create(given, this.#surroundings);
    this.#executions.set(given.arn, execution);
    execution.run();
    return execution;
  }

  async #runMap(parent: ExecutionRecord, { request, progress, signal }: MapRunInParent): Promise<Json> {
    const tell = (type: string, details = {}) => {
      const now = this.#surroundings.now();
      progress.lastEvent = addEvent(parent.events, { type, previous: progress.lastEvent, details, now });
    };
    const run = this.#openMapRun(parent, { request, progress, tell });
    try {
      const outputs = await run.run(request, signal);
      tell('MapRunSucceeded');
      return outputs;
    } catch (error) {
      if (signal.reason === HALTED) throw error;
      if (error instanceof Aborted) {
        run.abort();
        tell('MapRunAborted');
      } else {
        tell('MapRunFailed', {
          error: (error as { error?: string }).error,
          cause: (error as { reason?: string }).reason,
        });
      }
      throw error;
    }
  }

  #openMapRun(parent: ExecutionRecord, { request, progress, tell }: OpenMapRun): MapRun {
    if (progress.mapRunArn !== undefined) {
      const run = this.findMapRun(progress.mapRunArn);
      // After a restart of the runner it goes on.
      if (run.record.status === 'RUNNING') return run;
      run.redrive();
      tell('MapRunRedriven', { mapRunArn: run.record.arn, redriveCount: run.record.redriveCount });
      return run;
    }
    const { stateName, state, children } = request;
    const machineName = `${parent.machineName}/${state.Label ?? stateName.replaceAll(/[^\w-]/g, '').slice(0, 40)}`;
    const record: MapRunRecord = {
      arn: arnOf('states', `mapRun:${machineName}:${randomUUID()}`),
      executionArn: parent.arn,
      parentMachineArn: parent.machineArn,
      machineName,
      definition: state.ItemProcessor,
      childType: state.ItemProcessor.ProcessorConfig?.ExecutionType ?? 'STANDARD',
      maxConcurrency: request.maxConcurrency,
      toleratedFailureCount: request.toleratedFailureCount,
      toleratedFailurePercentage: request.toleratedFailurePercentage,
      children: children.map(({ itemCount }) => ({ itemCount })),
      startedAt: this.#surroundings.now(),
      status: 'RUNNING',
      redriveCount: 0,
    };
    progress.mapRunArn = record.arn;
    const run = this.#mapRunOf(record, parent);
    this.#mapRuns.set(record.arn, run);
    tell('MapRunStarted', { mapRunArn: record.arn });
    return run;
  }

  #mapRunOf(record: MapRunRecord, parent: ExecutionRecord): MapRun {
    const { definition } = record;
    return new MapRun(record, {
      now: this.#surroundings.now,
      find: (arn) => this.#executions.get(arn),
      start: ({ itemCount }, input) => this.#beginChild(record, parent, { definition, input, itemCount }),
      changed: () => this.#surroundings.changed(parent),
    });
  }

  #beginChild(run: MapRunRecord, parent: ExecutionRecord, given: ChildGiven): Execution {
    const name = randomUUID();
    const kind = run.childType === 'EXPRESS' ? 'express' : 'execution';
    const suffix = run.childType === 'EXPRESS' ? `:${randomUUID()}` : '';
    return this.#begin({
      ...given,
      name,
      arn: arnOf('states', `${kind}:${run.machineName}:${name}${suffix}`),
      machineArn: arnOf('states', `stateMachine:${run.machineName}`),
      machineName: run.machineName,
      roleArn: parent.roleArn,
      type: run.childType,
      mapRunArn: run.arn,
    });
  }
}

interface OpenMapRun extends Pick<MapRunInParent, 'request' | 'progress'> {
  tell(type: string, details: JsonObject): void;
}

type ChildGiven = Pick<NewExecution, 'definition' | 'input' | 'itemCount'>;

interface MapRunInParent {
  readonly request: MapRunRequest;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}
