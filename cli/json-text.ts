import { UsageError } from './shell.ts';

/** `what` says where it stood. */
export function json(given: string, what: string): unknown {
  try {
    return JSON.parse(given);
  } catch (error) {
    throw new UsageError(`${what} is no JSON: ${(error as Error).message}`);
  }
}
