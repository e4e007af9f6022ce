/** Errors by name, as states raise them and as `Retry` and `Catch` tell them apart. */

export class StateError extends Error {
  override readonly name = 'StateError';
  readonly error: string;
  readonly reason: string | undefined;

  constructor(error: string, reason?: string) {
    super(`${error}: ${reason ?? ''}`);
    this.error = error;
    this.reason = reason;
  }
}

/** The execution, or what this walk is part of, ended before it did. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/** Why a signal is given when it is the runner that stops: nothing of the execution is ended by it. */
export const HALTED = 'the runner stops';

/** No wildcard stands for these two, and the first ends the execution whatever is written. */
const RUNTIME = 'States.Runtime';
const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';
const TIMEOUT = 'States.Timeout';

export function matchesError(errorEquals: readonly string[], error: string): boolean {
  if (error === RUNTIME) return false;
  if (errorEquals.includes(error)) return true;
  if (error === DATA_LIMIT_EXCEEDED) return false;
  return errorEquals.includes('States.ALL') || (errorEquals.includes('States.TaskFailed') && error !== TIMEOUT);
}

export const queryError = (reason: string) => new StateError('States.QueryEvaluationError', reason);

export const sizeError = (what: string) =>
  new StateError(
    DATA_LIMIT_EXCEEDED,
    `${what} has a size exceeding the maximum number of bytes service limit (262144).`,
  );

export const runtimeError = (reason: string) => new StateError(RUNTIME, reason);

export const timeoutError = () => new StateError(TIMEOUT);
