/** Task: a function of this account, by the `lambda:invoke` integration or by its own ARN. */
import type { TaskState } from '../definition.ts';
import type { Invoked, Performed, StateRun } from '../flow.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { Aborted, StateError, timeoutError } from '../state-error.ts';

const INVOKE = /^arn:[^:]+:states:::lambda:invoke$/;
const FUNCTION = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:.+$/;

export const isInvokeIntegration = (resource: string) => INVOKE.test(resource);
export const isFunctionArn = (resource: string) => FUNCTION.test(resource);

export async function performTask(run: StateRun<TaskState>): Promise<Performed> {
  const { Resource, Arguments, TimeoutSeconds } = run.state;
  const seconds = await run.number(TimeoutSeconds, 'TimeoutSeconds');
  const given = Arguments === undefined ? run.input : await run.evaluate(Arguments, 'Arguments');
  run.within(given, `The input of the state/task '${run.name}'`);
  const task = isInvokeIntegration(Resource) ? new InvokeTask(run, given) : new FunctionTask(run, given);
  task.scheduled(seconds);
  const invoked = await withTimeout(task, run, seconds);
  if (!invoked.ok) {
    const { errorType, errorMessage, trace } = invoked.error;
    const reason = JSON.stringify({ errorType, errorMessage, ...(trace.length > 0 && { trace }) });
    task.failed(errorType, reason);
    throw new StateError(errorType, reason);
  }
  const result = run.within(task.resultOf(invoked));
  task.succeeded(result);
  return { result, output: result };
}

async function withTimeout(task: LambdaTask, run: StateRun<TaskState>, seconds: number | undefined): Promise<Invoked> {
  const { ports, signal } = run.flow;
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const clock = seconds === undefined ? undefined : ports.pause(seconds * 1000, stop).then(() => 'over' as const);
  clock?.catch(() => {});
  try {
    const invoked = await Promise.race([invoke(task, run, stop), ...(clock ? [clock] : [])]);
    if (invoked !== 'over') return invoked;
    task.timedOut();
    throw timeoutError();
  } finally {
    over.abort();
  }
}

async function invoke(task: LambdaTask, run: StateRun<TaskState>, signal: AbortSignal): Promise<Invoked> {
  const { functionName, payload } = task;
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(new Aborted());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  const invoked = await Promise.race([run.flow.ports.invoke(functionName, payload, signal), aborted]);
  if (invoked) return invoked;
  const error = 'Lambda.ResourceNotFoundException';
  const reason = `Function not found: ${functionName}`;
  task.failed(error, reason);
  throw new StateError(error, reason);
}

interface LambdaTask {
  readonly functionName: string;
  readonly payload: Json;
  scheduled(timeoutSeconds: number | undefined): void;
  succeeded(result: Json): void;
  failed(error: string, cause: string): void;
  timedOut(): void;
  resultOf(invoked: Invoked & { ok: true }): Json;
}

/** `arn:aws:states:::lambda:invoke`: the answer as the Invoke operation gives it. */
class InvokeTask implements LambdaTask {
  readonly functionName: string;
  readonly payload: Json;
  readonly #run: StateRun<TaskState>;
  readonly #parameters: string;

  constructor(run: StateRun<TaskState>, given: Json) {
    const { FunctionName, Payload = {} } = isObject(given) ? given : {};
    if (typeof FunctionName !== 'string') {
      throw new StateError('States.Runtime', "The field 'Arguments/FunctionName' must name a function.");
    }
    this.#run = run;
    this.functionName = FunctionName;
    this.payload = Payload;
    this.#parameters = JSON.stringify(given);
  }

  scheduled(timeoutInSeconds: number | undefined): void {
    const details = { region: 'us-east-1', parameters: this.#parameters, timeoutInSeconds };
    this.#run.record('TaskScheduled', { ...LAMBDA_INVOKE, ...details });
    this.#run.record('TaskStarted', LAMBDA_INVOKE);
  }

  succeeded(result: Json): void {
    this.#run.record('TaskSucceeded', { ...LAMBDA_INVOKE, output: JSON.stringify(result) });
  }

  failed(error: string, cause: string): void {
    this.#run.record('TaskFailed', { ...LAMBDA_INVOKE, error, cause });
  }

  timedOut(): void {
    this.#run.record('TaskTimedOut', { ...LAMBDA_INVOKE, error: 'States.Timeout' });
  }

  resultOf({ result, requestId }: Invoked & { ok: true }): JsonObject {
    const headers = { 'Content-Type': ['application/json'], 'x-amzn-RequestId': [requestId] };
    return {
      ExecutedVersion: '$LATEST',
      Payload: result as Json,
      SdkHttpMetadata: { AllHttpHeaders: headers, HttpHeaders: {}, HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: requestId },
      StatusCode: 200,
    };
  }
}

const LAMBDA_INVOKE = { resourceType: 'lambda', resource: 'invoke' } as const;

/** A function's ARN as the resource: its answer is the result. */
class FunctionTask implements LambdaTask {
  readonly functionName: string;
  readonly payload: Json;
  readonly #run: StateRun<TaskState>;

  constructor(run: StateRun<TaskState>, given: Json) {
    this.#run = run;
    this.functionName = run.state.Resource;
    this.payload = given;
  }

  scheduled(timeoutInSeconds: number | undefined): void {
    const details = { resource: this.functionName, input: JSON.stringify(this.payload), timeoutInSeconds };
    this.#run.record('LambdaFunctionScheduled', details);
    this.#run.record('LambdaFunctionStarted');
  }

  succeeded(result: Json): void {
    this.#run.record('LambdaFunctionSucceeded', { output: JSON.stringify(result) });
  }

  failed(error: string, cause: string): void {
    this.#run.record('LambdaFunctionFailed', { error, cause });
  }

  timedOut(): void {
    this.#run.record('LambdaFunctionTimedOut', { error: 'States.Timeout' });
  }

  resultOf({ result }: Invoked & { ok: true }): Json {
    return result as Json;
  }
}
