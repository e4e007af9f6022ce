/** DynamoDB and its streams: the embedded engine, or any that AWS_ENDPOINT_URL_DYNAMODB names. */
import { type Call, callerOf } from '../aws-json-client.ts';
import { startProcess } from './process.ts';
import { indexStreamRecords } from './stream-index.ts';
import { openTemporaryCopy, openWorkingCopy } from './working-copy.ts';

export interface DynamoDbEngine {
  readonly endpoint: string;
  readonly streamsEndpoint: string;
  readonly call: Call;
  readonly callStreams: Call;
  /** Copies the state to disk while running; does nothing for an engine that keeps its own. */
  save(): Promise<void>;
  stop(): Promise<void>;
  onExit(listener: (reason: string) => void): void;
}

/** `folder` keeps the state from one run to the next; without it everything is gone at the end. */
export async function startDynamoDb(folder: string | undefined): Promise<DynamoDbEngine> {
  const { AWS_ENDPOINT_URL_DYNAMODB: named, AWS_ENDPOINT_URL_DYNAMODB_STREAMS: namedStreams } = process.env;
  if (named) {
    return { ...callers(named, namedStreams ?? named), save: async () => {}, stop: async () => {}, onExit: () => {} };
  }
  const copy = folder === undefined ? openTemporaryCopy() : openWorkingCopy(folder);
  const child = await startProcess(copy.databaseFile);
  indexStreamRecords(copy.databaseFile, performance.timeOrigin + performance.now());
  return {
    ...callers(child.endpoint, child.endpoint),
    save: () => copy.save(),
    stop: async () => {
      await child.stop();
      copy.close();
    },
    onExit: child.onExit,
  };
}

function callers(endpoint: string, streamsEndpoint: string) {
  return {
    endpoint,
    streamsEndpoint,
    call: callerOf(endpoint, 'DynamoDB_20120810'),
    callStreams: callerOf(streamsEndpoint, 'DynamoDBStreams_20120810'),
  };
}
