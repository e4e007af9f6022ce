/** Where records go that a mapping gave up on: the JSON that Lambda documents, under the key that it uses in a bucket. */
import { randomUUID } from 'node:crypto';
import type { Discarded } from './batch-delivery.ts';

export interface DiscardedBatch extends Discarded {
  readonly shardId: string;
  readonly streamArn: string;
  readonly functionArn: string;
  readonly mappingUuid: string;
  readonly time: number;
}

export type FailureDestination = (batch: DiscardedBatch) => void | Promise<void>;

/** The invocation record. With the payload only where it has no size limit: in a bucket. */
export function invocationRecord(batch: DiscardedBatch): Readonly<Record<string, unknown>> {
  const { records, condition, invokeCount, outcome, functionArn, time } = batch;
  const isDynamoDb = batch.streamArn.includes(':dynamodb:');
  const instant = (milliseconds: number | undefined) => new Date(milliseconds ?? time).toISOString();
  return {
    requestContext: {
      requestId: outcome?.requestId ?? randomUUID(),
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: outcome && {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: outcome.ok ? null : 'Unhandled',
    },
    version: '1.0',
    timestamp: instant(time),
    [isDynamoDb ? 'DDBStreamBatchInfo' : 'KinesisBatchInfo']: {
      shardId: batch.shardId,
      startSequenceNumber: records[0]?.sequenceNumber,
      endSequenceNumber: records.at(-1)?.sequenceNumber,
      approximateArrivalOfFirstRecord: instant(records[0]?.arrivedAt),
      approximateArrivalOfLastRecord: instant(records.at(-1)?.arrivedAt),
      batchSize: records.length,
      streamArn: batch.streamArn,
    },
  };
}

/** The record with the whole event as an escaped JSON string, which only a bucket gets. */
export function recordWithPayload(batch: DiscardedBatch): string {
  const payload = JSON.stringify({ Records: batch.records.map(({ event }) => event) });
  return JSON.stringify({ ...invocationRecord(batch), payload });
}

export function objectKey({ mappingUuid, shardId, time }: DiscardedBatch): string {
  const [day = '', clock = ''] = new Date(time).toISOString().slice(0, 19).split('T');
  const name = `${day}T${clock.replaceAll(':', '.')}-${randomUUID()}`;
  return `aws/lambda/${mappingUuid}/${shardId}/${day.replaceAll('-', '/')}/${name}`;
}
