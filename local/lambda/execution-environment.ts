/** One worker thread from the pool's side: cold start, one event at a time, an end when the function's time is up. */
import { Worker } from 'node:worker_threads';
import type { LogFile } from './log-file.ts';
import type { InvokeMessage, LambdaError, WorkerMessage, WorkerSettings } from './worker-protocol.ts';

export type Outcome =
  | { readonly ok: true; readonly requestId: string; readonly result: unknown }
  | { readonly ok: false; readonly requestId: string; readonly error: LambdaError };

export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  readonly timeoutMs: number;
}

export interface EnvironmentSettings {
  readonly worker: WorkerSettings;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: LogFile;
}

export class ExecutionEnvironment {
  readonly #worker: Worker;
  readonly #ready: Promise<LambdaError | undefined>;
  #onMessage: (message: WorkerMessage) => void = () => {};
  #hasEnded = false;
  #isStopping = false;

  constructor({ worker, variables, log }: EnvironmentSettings) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      env: { ...variables },
      workerData: worker,
      resourceLimits: { maxOldGenerationSizeMb: worker.memoryMb },
      stdout: true,
      stderr: true,
    });
    log.follow(this.#worker.stdout, 'INFO');
    log.follow(this.#worker.stderr, 'ERROR');
    this.#ready = new Promise((resolve) => {
      this.#onMessage = (message) => resolve(message.kind === 'unloadable' ? message.error : undefined);
    });
    this.#worker.on('message', (message: WorkerMessage) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#end(error.name, error.message, (error.stack ?? '').split('\n')));
    this.#worker.on('exit', (code) => this.#end('Runtime.ExitError', `the function's process ended with ${code}`, []));
  }

  /** After a crash or a timeout it takes no further event. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async invoke({ requestId, event, timeoutMs }: Invocation): Promise<Outcome> {
    const failure = await this.#ready;
    if (failure) {
      this.#hasEnded = true;
      return { ok: false, requestId, error: failure };
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const errorMessage = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
        resolve({ ok: false, requestId, error: { errorType: 'Sandbox.Timedout', errorMessage, trace: [] } });
        void this.stop();
      }, timeoutMs);
      this.#onMessage = (message) => {
        if (message.kind !== 'succeeded' && message.kind !== 'failed') return;
        clearTimeout(timer);
        if (message.kind === 'failed') resolve({ ok: false, requestId, error: message.error });
        else resolve({ ok: true, requestId, result: JSON.parse(message.result) });
      };
      const deadline = performance.timeOrigin + performance.now() + timeoutMs;
      this.#worker.postMessage({ requestId, event, deadline } satisfies InvokeMessage);
    });
  }

  /** What runs is cut off, and its outcome never told: the caller is stopping too. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#hasEnded = true;
    await this.#worker.terminate();
  }

  #end(errorType: string, errorMessage: string, trace: readonly string[]): void {
    this.#hasEnded = true;
    if (this.#isStopping) return;
    const error = { errorType, errorMessage, trace };
    this.#onMessage({ kind: 'unloadable', error });
    this.#onMessage({ kind: 'failed', requestId: '', error });
  }
}
