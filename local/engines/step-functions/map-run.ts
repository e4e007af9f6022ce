/**
 * The run of a Distributed Map: an execution for each item or batch, so many at a time, until all are done or more have
 * failed than is tolerated. A redrive starts the unsuccessful ones again and keeps what the others came to.
 */
import type { Definition, MachineType } from './definition.ts';
import type { Execution, Status } from './execution.ts';
import type { MapRunRequest } from './flow.ts';
import type { Json } from './json.ts';
import { Aborted, HALTED, StateError } from './state-error.ts';

export interface MapRunRecord {
  readonly arn: string;
  /** Of the parent. */
  readonly executionArn: string;
  readonly parentMachineArn: string;
  /** Of the state machine and the Map in it, as the service writes it. */
  readonly machineName: string;
  readonly childType: MachineType;
  /** Of the children. */
  readonly definition: Definition;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly children: MapRunChild[];
  readonly startedAt: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  stoppedAt?: number | undefined;
  redriveCount: number;
  redrivenAt?: number | undefined;
}

export interface MapRunChild {
  readonly itemCount: number;
  /** The execution that has it, once it began. */
  arn?: string;
}

export interface MapRunPorts {
  now(): number;
  /** `undefined` after a runner was killed before it could keep it. */
  find(arn: string): Execution | undefined;
  /** A new execution, which runs. */
  start(child: MapRunChild, input: Json): Execution;
  changed(): void;
}

/** Children at a time where `MaxConcurrency` doesn't say less; the service has 10,000. */
const CHILDREN_MAX = 1_000;

export class MapRun {
  readonly record: MapRunRecord;
  readonly #ports: MapRunPorts;

  constructor(record: MapRunRecord, ports: MapRunPorts) {
    this.record = record;
    this.#ports = ports;
  }

  /** The outputs of the children that succeeded, in the order of the items. */
  async run(request: MapRunRequest, signal: AbortSignal): Promise<Json[]> {
    const { record } = this;
    const failing = new AbortController();
    const stop = AbortSignal.any([signal, failing.signal]);
    const waiting = record.children.map((child, index) => ({ child, index })).values();
    const worker = async () => {
      for (const { child, index } of waiting) {
        if (stop.aborted) return;
        await this.#runChild(child, request.children[index]?.input ?? null, stop);
        if (this.statusOf(child) !== 'SUCCEEDED' && this.#isPastTolerance(this.#failedItems())) failing.abort();
      }
    };
    await Promise.all(Array.from({ length: Math.min(record.maxConcurrency || CHILDREN_MAX, CHILDREN_MAX) }, worker));
    if (signal.aborted) throw new Aborted();
    this.#finish(failing.signal.aborted ? 'FAILED' : 'SUCCEEDED');
    if (!failing.signal.aborted) return this.#outputs();
    const reason = 'The specified tolerated failure threshold was exceeded';
    throw new StateError('States.ExceedToleratedFailureThreshold', reason);
  }

  redrive(): void {
    this.record.status = 'RUNNING';
    this.record.stoppedAt = undefined;
    this.record.redriveCount += 1;
    this.record.redrivenAt = this.#ports.now();
  }

  /** With its parent; what runs of it is stopped by the parent's signal. */
  abort(): void {
    if (this.record.status === 'RUNNING') this.#finish('ABORTED');
  }

  statusOf({ arn }: MapRunChild): Status | 'PENDING' {
    return (arn === undefined ? undefined : this.#ports.find(arn))?.record.status ?? 'PENDING';
  }

  async #runChild(child: MapRunChild, input: Json, stop: AbortSignal): Promise<void> {
    const status = this.statusOf(child);
    if (status === 'SUCCEEDED') return;
    const execution = this.#begin(child, input, status);
    const end = () => stop.reason !== HALTED && execution.stop({ status: 'ABORTED' });
    stop.addEventListener('abort', end, { once: true });
    await execution.finished;
    stop.removeEventListener('abort', end);
  }

  #begin(child: MapRunChild, input: Json, status: Status | 'PENDING'): Execution {
    const { find, start } = this.#ports;
    // An express child can't go on where it failed: it is another execution, from its first state on.
    const known = child.arn === undefined ? undefined : find(child.arn);
    if (!known || (this.record.childType === 'EXPRESS' && status !== 'RUNNING')) {
      const execution = start(child, input);
      child.arn = execution.record.arn;
      this.#ports.changed();
      return execution;
    }
    if (status === 'RUNNING') known.run();
    else known.redrive();
    return known;
  }

  #failedItems(): number {
    const isFailed = (child: MapRunChild) => ['FAILED', 'TIMED_OUT'].includes(this.statusOf(child));
    return this.record.children.filter(isFailed).reduce((sum, { itemCount }) => sum + itemCount, 0);
  }

  /** By items, not by executions: the items of a failed batch have all failed. */
  #isPastTolerance(failed: number): boolean {
    const { children, toleratedFailureCount, toleratedFailurePercentage } = this.record;
    if (failed === 0) return false;
    const total = children.reduce((sum, { itemCount }) => sum + itemCount, 0);
    const isOverCount = failed > toleratedFailureCount;
    const isOverPercentage = (failed / total) * 100 > toleratedFailurePercentage;
    if (toleratedFailurePercentage === 0) return isOverCount;
    if (toleratedFailureCount === 0) return isOverPercentage;
    return isOverCount || isOverPercentage;
  }

  #outputs(): Json[] {
    return this.record.children.flatMap(({ arn }) => {
      const child = arn === undefined ? undefined : this.#ports.find(arn)?.record;
      return child?.status === 'SUCCEEDED' ? [child.output ?? null] : [];
    });
  }

  #finish(status: 'SUCCEEDED' | 'FAILED' | 'ABORTED'): void {
    this.record.status = status;
    this.record.stoppedAt = this.#ports.now();
    this.#ports.changed();
  }
}
