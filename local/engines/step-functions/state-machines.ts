/** The state machines of a deployment, their executions, and the runs of their Distributed Maps. */
import { randomUUID } from 'node:crypto';
import { arnOf } from '../../aws-account.ts';
import { AwsError } from '../aws-json.ts';
import type { Definition, MachineType } from './definition.ts';
import { Execution, type ExecutionRecord, type ExecutionSurroundings, type NewExecution } from './execution.ts';
import type { MapRunRequest, Surroundings } from './flow.ts';
import { addEvent } from './history.ts';
import { type Json, jsonBytes, PAYLOAD_BYTES_MAX } from './json.ts';
import { MapRun, type MapRunRecord } from './map-run.ts';
import type { Progress } from './progress.ts';
import { Aborted } from './state-error.ts';

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

  constructor(surroundings: Surroundings) {
    this.#surroundings = {
      ...surroundings,
      runMap: (parent, request, progress, signal) => this.#runMap(parent, { request, progress, signal }),
      changed: () => {},
    };
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

  /** Nothing more happens. */
  halt(): void {
    for (const execution of this.#executions.values()) execution.halt();
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
    const run = this.#openMapRun(parent, request, progress);
    const { arn: mapRunArn, redriveCount } = run.record;
    if (redriveCount === 0) tell('MapRunStarted', { mapRunArn });
    else tell('MapRunRedriven', { mapRunArn, redriveCount });
    try {
      const outputs = await run.run(request, signal);
      tell('MapRunSucceeded');
      return outputs;
    } catch (error) {
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

  #openMapRun(parent: ExecutionRecord, request: MapRunRequest, progress: Progress): MapRun {
    if (progress.mapRunArn !== undefined) {
      const run = this.findMapRun(progress.mapRunArn);
      // After a restart of the runner it goes on.
      if (run.record.status !== 'RUNNING') run.redrive();
      return run;
    }
    const { stateName, state, children } = request;
    const machineName = `${parent.machineName}/${state.Label ?? stateName.replaceAll(/[^\w-]/g, '').slice(0, 40)}`;
    const record: MapRunRecord = {
      arn: arnOf('states', `mapRun:${machineName}:${randomUUID()}`),
      executionArn: parent.arn,
      parentMachineArn: parent.machineArn,
      machineName,
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
    const run = this.#mapRunOf(record, parent, state.ItemProcessor);
    this.#mapRuns.set(record.arn, run);
    return run;
  }

  #mapRunOf(record: MapRunRecord, parent: ExecutionRecord, definition: Definition): MapRun {
    return new MapRun(record, {
      now: this.#surroundings.now,
      find: (arn) => this.findExecution(arn),
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

type ChildGiven = Pick<NewExecution, 'definition' | 'input' | 'itemCount'>;

interface MapRunInParent {
  readonly request: MapRunRequest;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}
