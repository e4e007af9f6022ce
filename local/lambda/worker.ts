/** A worker thread that is one execution environment: it loads a function's handler once and runs an event at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { shiftClock } from '../clock.ts';
import { type Handler, loadHandler } from './handler.ts';
import type { InvokeMessage, LambdaError, WorkerMessage, WorkerSettings } from './worker-protocol.ts';

const settings = workerData as WorkerSettings;
const machineNow = Date.now;
const send = (message: WorkerMessage) => parentPort?.postMessage(message);

shiftClock(settings.clockOffsetMs);
process.setSourceMapsEnabled((process.env.NODE_OPTIONS ?? '').includes('--enable-source-maps'));

try {
  const handler = await loadHandler(settings.folder, settings.handler);
  parentPort?.on('message', (message: InvokeMessage) => void run(handler, message));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'unloadable', error: describe(error) });
}

async function run(handler: Handler, { requestId, event, deadline }: InvokeMessage): Promise<void> {
  try {
    const result = await handler(event, contextOf(requestId, deadline));
    send({ kind: 'succeeded', requestId, result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    send({ kind: 'failed', requestId, error: describe(error) });
  }
}

function contextOf(requestId: string, deadline: number): object {
  const { functionName, functionArn, memoryMb } = settings;
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - machineNow()),
  };
}

function describe(error: unknown): LambdaError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
