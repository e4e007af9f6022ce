/** Starts every engine, empty or with the state of the run before. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engines } from './cloud.ts';
import type { EnginePorts } from './engine-ports.ts';
import type { Operations } from './engines/aws-json.ts';
import { startDynamoDb } from './engines/dynamodb/engine.ts';
import { EventBuses } from './engines/event-buses.ts';
import { gateway, type LocalAnswers } from './engines/gateway.ts';
import { kinesisOperations } from './engines/kinesis/operations.ts';
import { Streams } from './engines/kinesis/streams.ts';
import { type Listener, listen } from './engines/listener.ts';
import { ObjectStore } from './engines/s3/object-store.ts';
import { s3Server } from './engines/s3/server.ts';
import { Scheduler } from './engines/scheduler/scheduler.ts';
import { schedulerServer } from './engines/scheduler/server.ts';
import { Secrets } from './engines/secrets-manager.ts';
import { sqsOperations } from './engines/sqs/operations.ts';
import { Queues } from './engines/sqs/queues.ts';
import { ExecutionStore } from './engines/step-functions/execution-store.ts';
import { stepFunctionsOperations } from './engines/step-functions/operations.ts';
import { StateMachines } from './engines/step-functions/state-machines.ts';

/** Where each kind of state is kept; all `undefined` without --data. */
export interface StateFolders {
  readonly root: string | undefined;
  readonly streams: string | undefined;
  readonly objects: string | undefined;
}

export function stateFolders(root: string | undefined): StateFolders {
  if (root === undefined) return { root, streams: undefined, objects: undefined };
  const folders = { root, streams: join(root, 'streams'), objects: join(root, 's3') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return folders;
}

export interface StartedEngines extends Engines {
  readonly listener: Listener;
}

export async function startEngines(
  folders: StateFolders,
  local: LocalAnswers,
  { executing, scheduling }: EnginePorts,
): Promise<StartedEngines> {
  const streams = new Streams();
  const objects = new ObjectStore(folders.objects);
  const secrets = new Secrets(folders.root && join(folders.root, 'secrets.json'));
  const buses = new EventBuses();
  const stateMachines = new StateMachines(
    executing,
    new ExecutionStore(folders.root && join(folders.root, 'executions')),
  );
  const scheduler = new Scheduler(scheduling, folders.root && join(folders.root, 'schedules.json'));
  const signed = new Map([['scheduler', schedulerServer(scheduler)]]);
  const queues = new Queues(folders.root && join(folders.root, 'queues.json'));
  const services = new Map<string, Operations>([
    ['Kinesis_20131202', kinesisOperations(streams)],
    ['secretsmanager', secrets.operations()],
    ['AWSEvents', buses.operations()],
    ['AmazonSQS', sqsOperations(queues, () => listener.url)],
    ['AWSStepFunctions', stepFunctionsOperations(stateMachines)],
  ]);
  const dynamoDb = await startDynamoDb(folders.root);
  const listener = await listen(gateway({ services, signed, s3: s3Server(objects), local }));
  return { dynamoDb, streams, objects, secrets, buses, stateMachines, scheduler, queues, listener, url: listener.url };
}
