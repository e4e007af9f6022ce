/** The engines on a port of their own, as SDK clients meet them. */

import { EventBuses } from '#local/engines/event-buses.ts';
import { gateway } from '#local/engines/gateway.ts';
import { kinesisOperations } from '#local/engines/kinesis/operations.ts';
import { Streams } from '#local/engines/kinesis/streams.ts';
import { type Listener, listen } from '#local/engines/listener.ts';
import { ObjectStore } from '#local/engines/s3/object-store.ts';
import { s3Server } from '#local/engines/s3/server.ts';
import { Secrets } from '#local/engines/secrets-manager.ts';
import { stepFunctionsOperations } from '#local/engines/step-functions.ts';

export interface TestEngines {
  readonly listener: Listener;
  readonly streams: Streams;
  readonly objects: ObjectStore;
  readonly secrets: Secrets;
  readonly buses: EventBuses;
}

/** What a client is given: endpoint, region and credentials, and nothing else. */
export const clientSettings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

export async function startTestEngines(): Promise<TestEngines> {
  const streams = new Streams();
  const objects = new ObjectStore();
  const secrets = new Secrets();
  const buses = new EventBuses();
  const services = new Map([
    ['Kinesis_20131202', kinesisOperations(streams)],
    ['secretsmanager', secrets.operations()],
    ['AWSEvents', buses.operations()],
    ['AWSStepFunctions', stepFunctionsOperations()],
  ]);
  const listener = await listen(gateway({ services, s3: s3Server(objects), local: new Map() }));
  return { listener, streams, objects, secrets, buses };
}
