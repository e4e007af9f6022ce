/** AWS::Lambda::EventSourceMapping from a Kinesis stream, a table's stream or a queue, every option as written. */
import type { Cloud, Mapping } from '../cloud.ts';
import { dynamoDbSource } from '../event-source/dynamodb-source.ts';
import {
  type FailureDestination,
  invocationRecord,
  objectKey,
  recordWithPayload,
} from '../event-source/failure-destination.ts';
import { compilePattern, type Matches } from '../event-source/filter-pattern.ts';
import { kinesisSource } from '../event-source/kinesis-source.ts';
import { EventSourceMapping } from '../event-source/mapping.ts';
import { mappingSettings } from '../event-source/mapping-settings.ts';
import { QueueMapping, queueMappingSettings } from '../event-source/queue-mapping.ts';
import { type Source, startingPosition } from '../event-source/source.ts';
import type { Properties, ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

export function eventSourceMappingType(cloud: Cloud): ResourceType {
  return {
    properties: {
      BatchSize: true,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: true } },
      Enabled: true,
      EventSourceArn: true,
      FilterCriteria: { Filters: { Pattern: true } },
      FunctionName: true,
      FunctionResponseTypes: true,
      MaximumBatchingWindowInSeconds: true,
      MaximumRecordAgeInSeconds: true,
      MaximumRetryAttempts: true,
      ParallelizationFactor: true,
      StartingPosition: true,
      StartingPositionTimestamp: true,
      ScalingConfig: { MaximumConcurrency: true },
      MetricsConfig: REASONS.observability,
      Tags: REASONS.tags,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const place = `${stackName}.${logicalId}`;
      const isQueue = String(properties.EventSourceArn).includes(':sqs:');
      const mapping = isQueue ? fromQueue(cloud, place, properties) : fromStream(cloud, place, properties);
      if (String(properties.Enabled ?? true) === 'true') cloud.mappings.push(mapping);
      return { ref: place, attributes: { Id: place } };
    },
  };
}

function fromStream(cloud: Cloud, place: string, properties: Properties): Mapping {
  if (properties.ScalingConfig !== undefined) throw new Error(`${place}: ScalingConfig is for mappings from a queue`);
  return new EventSourceMapping(mappingSettings(place, properties), {
    source: sourceOf(cloud, place, properties),
    target: cloud.functionOf(properties.FunctionName, place),
    checkpoints: cloud.surroundings.checkpoints,
    destination: destinationOf(cloud, place, properties),
    onError: (error) => cloud.surroundings.onError(place, error),
  });
}

/** What a mapping from a queue may say; the rest is for streams, and AWS refuses it here. */
const OF_QUEUES = new Set([
  'BatchSize',
  'Enabled',
  'EventSourceArn',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'MetricsConfig',
  'ScalingConfig',
  'Tags',
]);

function fromQueue(cloud: Cloud, place: string, properties: Properties): Mapping {
  const stranger = Object.keys(properties).find((name) => !OF_QUEUES.has(name));
  if (stranger !== undefined) throw new Error(`${place}: ${stranger} is for mappings from a stream`);
  const queue = cloud.surroundings.engines.queues.find(String(properties.EventSourceArn));
  const target = cloud.functionOf(properties.FunctionName, place);
  const { visibilitySeconds, name } = queue.settings;
  if (visibilitySeconds * 1000 < target.settings.timeoutMs) {
    const timeout = `the function's timeout of ${target.settings.timeoutMs / 1000} s`;
    throw new Error(`${place}: queue ${name} has a visibility timeout of ${visibilitySeconds} s, less than ${timeout}`);
  }
  const settings = queueMappingSettings(properties, filtersOf(place, properties));
  return new QueueMapping(queue, target, settings, (error) => cloud.surroundings.onError(place, error));
}

function sourceOf({ surroundings }: Cloud, place: string, properties: Properties): Source {
  const { engines, clockOffsetMs } = surroundings;
  const arn = String(properties.EventSourceArn);
  const filters = filtersOf(place, properties);
  const starting = startingPosition(properties, place);
  if (arn.includes(':kinesis:')) {
    if (filters.length > 0) throw new Error(`${place}: the local runner filters table streams only, not Kinesis`);
    return kinesisSource(engines.streams.find(arn.split('stream/')[1] ?? ''), starting);
  }
  if (arn.includes(':dynamodb:')) {
    const { callStreams } = engines.dynamoDb;
    return dynamoDbSource({ streamArn: arn, callStreams, starting, clockOffsetMs, filters });
  }
  throw new Error(`${place}: the local runner can't read events from ${arn}`);
}

function filtersOf(place: string, properties: Properties): readonly Matches[] {
  const criteria = properties.FilterCriteria as { Filters?: readonly { Pattern: string }[] } | undefined;
  return (criteria?.Filters ?? []).map(({ Pattern }) => compilePattern(JSON.parse(Pattern), `${place}.FilterCriteria`));
}

function destinationOf({ surroundings }: Cloud, place: string, properties: Properties): FailureDestination | undefined {
  const config = properties.DestinationConfig as { OnFailure?: { Destination?: string } } | undefined;
  const arn = config?.OnFailure?.Destination;
  if (arn === undefined) return undefined;
  const { objects, queues } = surroundings.engines;
  if (arn.includes(':sqs:')) {
    const queue = queues.find(arn);
    return (batch) => void queue.send({ body: JSON.stringify(invocationRecord(batch)) });
  }
  const bucket = /^arn:aws:s3:::(.+)$/.exec(arn)?.[1];
  if (bucket === undefined || !objects.has(bucket)) {
    throw new Error(`${place}: the local runner can't send failed batches to ${arn}`);
  }
  return (batch) => {
    const headers = { 'content-type': 'application/json' };
    objects.put(bucket, { key: objectKey(batch), body: Buffer.from(recordWithPayload(batch)), headers, checksums: {} });
  };
}
