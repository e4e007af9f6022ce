/** Asynchronous invocation: nobody waits for the answer, and Lambda itself tries a failed event twice more. */
import type { LambdaFunction } from './function.ts';

const RETRY_PAUSES_MS = [60_000, 120_000];

export async function invokeAsynchronously(lambda: Pick<LambdaFunction, 'invoke'>, event: unknown): Promise<void> {
  for (const pauseMs of [...RETRY_PAUSES_MS, undefined]) {
    const { ok } = await lambda.invoke(event);
    if (ok || pauseMs === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
  }
}
