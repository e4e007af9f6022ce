/** The engines on a port of their own, as SDK clients meet them. */

import { AwsError } from '#local/engines/aws-json.ts';
import { EventBuses } from '#local/engines/event-buses.ts';
import { gateway } from '#local/engines/gateway.ts';
import { kinesisOperations } from '#local/engines/kinesis/operations.ts';
import { Streams } from '#local/engines/kinesis/streams.ts';
import { type Listener, listen } from '#local/engines/listener.ts';
import { ObjectStore } from '#local/engines/s3/object-store.ts';
import { s3Server } from '#local/engines/s3/server.ts';
import { Scheduler } from '#local/engines/scheduler/scheduler.ts';
import { schedulerServer } from '#local/engines/scheduler/server.ts';
import { Secrets } from '#local/engines/secrets-manager.ts';
import { sqsOperations } from '#local/engines/sqs/operations.ts';
import { Queues } from '#local/engines/sqs/queues.ts';
import type { Invoked } from '#local/engines/step-functions/flow.ts';
import type { Json } from '#local/engines/step-functions/json.ts';
import { stepFunctionsOperations } from '#local/engines/step-functions/operations.ts';
import { pause } from '#local/engines/step-functions/pause.ts';
import { StateMachines } from '#local/engines/step-functions/state-machines.ts';

/** What a schedule delivered. */
export interface Delivery {
  readonly arn: string;
  readonly input: string;
  readonly at: number;
}

export interface TestEngines {
  readonly listener: Listener;
  readonly streams: Streams;
  readonly objects: ObjectStore;
  readonly secrets: Secrets;
  readonly buses: EventBuses;
  readonly stateMachines: StateMachines;
  readonly queues: Queues;
  /** Started by the test, if at all. */
  readonly scheduler: Scheduler;
  readonly deliveries: Delivery[];
}

/** A function's behaviour; what it throws is the function's error. */
export type TestFunction = (event: Json) => unknown;

/** What a client is given: endpoint, region and credentials, and nothing else. */
export const clientSettings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

export async function startTestEngines(functions = new Map<string, TestFunction>()): Promise<TestEngines> {
  const streams = new Streams();
  const objects = new ObjectStore();
  const secrets = new Secrets();
  const buses = new EventBuses();
  const stateMachines = new StateMachines({
    now: () => Date.now(),
    pause,
    invoke: async (name, payload) => invoke(functions.get(name), payload),
  });
  const deliveries: Delivery[] = [];
  const scheduler = new Scheduler({
    now: () => Date.now(),
    checkTarget: ({ Arn }) => {
      if (Arn === 'arn:nobody')
        throw new AwsError('ValidationException', `the local runner can't call the target ${Arn}`);
    },
    deliver: async ({ Arn: arn }, input) => void deliveries.push({ arn, input, at: Date.now() }),
    onError: (_, error) => {
      throw error;
    },
  });
  const queues = new Queues();
  const services = new Map([
    ['Kinesis_20131202', kinesisOperations(streams)],
    ['secretsmanager', secrets.operations()],
    ['AWSEvents', buses.operations()],
    ['AmazonSQS', sqsOperations(queues, () => listener.url)],
    ['AWSStepFunctions', stepFunctionsOperations(stateMachines)],
  ]);
  const listener = await listen(
    gateway({
      services,
      signed: new Map([['scheduler', schedulerServer(scheduler)]]),
      s3: s3Server(objects),
      local: new Map(),
    }),
  );
  return { listener, streams, objects, secrets, buses, stateMachines, queues, scheduler, deliveries };
}

async function invoke(behaviour: TestFunction | undefined, payload: Json): Promise<Invoked | undefined> {
  if (!behaviour) return undefined;
  try {
    return { ok: true, requestId: 'request', result: (await behaviour(payload)) ?? null };
  } catch (error) {
    const { name, message } = error as Error;
    return { ok: false, requestId: 'request', error: { errorType: name, errorMessage: message, trace: [] } };
  }
}
