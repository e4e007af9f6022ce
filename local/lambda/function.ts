/** A deployed function: a pool of execution environments that grows with the load up to the function's concurrency. */
import { randomUUID } from 'node:crypto';
import { type EnvironmentSettings, ExecutionEnvironment, type Outcome } from './execution-environment.ts';
import type { LogFile } from './log-file.ts';
import type { WorkerSettings } from './worker-protocol.ts';

export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  readonly folder: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly variables: Readonly<Record<string, string>>;
}

export class LambdaFunction {
  readonly settings: FunctionSettings;
  readonly #environment: EnvironmentSettings;
  readonly #log: LogFile;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<Promise<Outcome>>();
  #isStopped = false;

  constructor(settings: FunctionSettings, log: LogFile, clockOffsetMs: number) {
    this.settings = settings;
    this.#log = log;
    const { folder, handler, name: functionName, arn: functionArn, memoryMb, variables } = settings;
    const worker: WorkerSettings = { folder, handler, functionName, functionArn, memoryMb, clockOffsetMs };
    this.#environment = { worker, variables, log };
  }

  /** Waits for a free execution environment; an error of the function is an outcome, not an exception. */
  async invoke(event: unknown): Promise<Outcome> {
    const environment = await this.#acquire();
    const requestId = randomUUID();
    const running = environment.invoke({ requestId, event, timeoutMs: this.settings.timeoutMs });
    this.#running.add(running);
    const outcome = await running;
    this.#running.delete(running);
    if (!outcome.ok) this.#log.write('ERROR', { requestId, ...outcome.error });
    this.#release(environment);
    return outcome;
  }

  /** Starts an environment ahead of the first event. */
  warm(): void {
    if (this.#all.size === 0) this.#idle.push(this.#start());
  }

  /** Resolves when nothing runs any more. */
  async drain(): Promise<void> {
    await Promise.all(this.#running);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#all].map((environment) => environment.stop()));
    await this.#log.close();
  }

  async #acquire(): Promise<ExecutionEnvironment> {
    for (;;) {
      if (this.#isStopped) await new Promise(() => {});
      const free = this.#idle.pop();
      if (free && !free.hasEnded) return free;
      if (free) this.#all.delete(free);
      else if (this.#all.size < this.settings.concurrency) return this.#start();
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #release(environment: ExecutionEnvironment): void {
    if (environment.hasEnded) this.#all.delete(environment);
    else this.#idle.push(environment);
    this.#waiting.shift()?.();
  }

  #start(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(this.#environment);
    this.#all.add(environment);
    return environment;
  }
}
