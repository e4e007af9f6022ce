/** What runs on this machine in place of an AWS account: the engines, and what a deployment has put on them. */
import { join } from 'node:path';
import { LOCAL_CREDENTIALS } from './aws-account.ts';
import type { DynamoDbEngine } from './engines/dynamodb/engine.ts';
import type { ExpiringTable } from './engines/dynamodb/time-to-live.ts';
import type { EventBuses } from './engines/event-buses.ts';
import type { StreamLog } from './engines/kinesis/stream-log.ts';
import type { Streams } from './engines/kinesis/streams.ts';
import type { ObjectStore } from './engines/s3/object-store.ts';
import type { Scheduler } from './engines/scheduler/scheduler.ts';
import type { Secrets } from './engines/secrets-manager.ts';
import type { Queues } from './engines/sqs/queues.ts';
import type { StateMachines } from './engines/step-functions/state-machines.ts';
import type { Checkpoints } from './event-source/checkpoints.ts';
import type { AuthorizerSettings } from './http-api/authorizer.ts';
import type { CorsSettings } from './http-api/cors.ts';
import type { Route } from './http-api/route.ts';
import type { RouteTarget } from './http-api/server.ts';
import type { LambdaFunction } from './lambda/function.ts';
import type { ScheduledRule } from './scheduled-rule.ts';

export interface Engines {
  readonly dynamoDb: DynamoDbEngine;
  readonly streams: Streams;
  readonly objects: ObjectStore;
  readonly secrets: Secrets;
  readonly buses: EventBuses;
  readonly stateMachines: StateMachines;
  readonly scheduler: Scheduler;
  readonly queues: Queues;
  /** Where all but DynamoDB listen. */
  readonly url: string;
}

export interface Surroundings {
  readonly engines: Engines;
  readonly checkpoints: Checkpoints;
  /** Where streams keep their records from one run to the next. */
  readonly streamFolder: string | undefined;
  readonly logFolder: string;
  readonly clockOffsetMs: number;
  readonly apiUrl: string;
  onError(place: string, error: unknown): void;
}

/** An event source mapping, whatever it reads from. */
export interface Mapping {
  readonly target: LambdaFunction;
  /** True when everything that it could deliver now is delivered. */
  readonly isIdle: boolean;
  start(): void;
  stop(): void;
}

export interface DeclaredApi {
  readonly id: string;
  readonly cors: CorsSettings | undefined;
  readonly routes: Route<RouteTarget>[];
}

/** What the resources of the template became. */
export class Cloud {
  readonly surroundings: Surroundings;
  /** Folder of an asset by its object key. */
  readonly assets = new Map<string, string>();
  /** By name and by ARN. */
  readonly functions = new Map<string, LambdaFunction>();
  readonly mappings: Mapping[] = [];
  readonly schedules: ScheduledRule[] = [];
  readonly streamLogs: StreamLog[] = [];
  readonly expiringTables: ExpiringTable[] = [];
  readonly apis = new Map<string, DeclaredApi>();
  readonly integrations = new Map<string, Pick<RouteTarget, 'target' | 'timeoutMs'>>();
  readonly authorizers = new Map<string, AuthorizerSettings>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  functionOf(nameOrArn: unknown, place: string): LambdaFunction {
    const found = this.functions.get(String(nameOrArn));
    if (found) return found;
    throw new Error(`${place}: ${nameOrArn} is no function of the template, and the local runner knows no others`);
  }

  logFileOf(functionName: string): string {
    return join(this.surroundings.logFolder, `${functionName}.log`);
  }

  /** What every function finds in its environment, so that SDK clients made with defaults come here. */
  awsVariables(): Readonly<Record<string, string>> {
    const { dynamoDb, url } = this.surroundings.engines;
    return {
      ...LOCAL_CREDENTIALS,
      AWS_EC2_METADATA_DISABLED: 'true',
      // A service that the runner doesn't have must be refused here, never reached over the network.
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamoDb.streamsEndpoint,
      AWS_ENDPOINT_URL_KINESIS: url,
      AWS_ENDPOINT_URL_S3: url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: url,
      AWS_ENDPOINT_URL_SFN: url,
      AWS_ENDPOINT_URL_SCHEDULER: url,
      AWS_ENDPOINT_URL_SQS: url,
    };
  }
}
