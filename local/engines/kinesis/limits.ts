/** What the service refuses, so that a producer that works here works there. Throughput per shard is not limited. */
import { AwsError } from '../aws-json.ts';
import type { NewRecord } from './stream.ts';

export const RECORD_BYTES_MAX = 1024 * 1024;
export const RECORDS_PER_CALL_MAX = 500;
export const CALL_BYTES_MAX = 10 * 1024 * 1024;
export const READ_RECORDS_MAX = 10_000;
export const READ_BYTES_MAX = 10 * 1024 * 1024;
export const ITERATOR_LIFETIME_MS = 5 * 60_000;
const PARTITION_KEY_LENGTH_MAX = 256;

export function bytesOf({ data, partitionKey }: Pick<NewRecord, 'data' | 'partitionKey'>): number {
  return Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
}

export function checkRecord(record: NewRecord): void {
  const { length } = record.partitionKey;
  if (length < 1 || length > PARTITION_KEY_LENGTH_MAX) {
    throw invalid(`a partition key has 1 to ${PARTITION_KEY_LENGTH_MAX} characters, this one ${length}`);
  }
  const bytes = bytesOf(record);
  if (bytes > RECORD_BYTES_MAX) throw invalid(`a record has at most ${RECORD_BYTES_MAX} bytes, this one ${bytes}`);
}

export function checkCall(records: readonly NewRecord[]): void {
  if (records.length < 1 || records.length > RECORDS_PER_CALL_MAX) {
    throw invalid(`a call has 1 to ${RECORDS_PER_CALL_MAX} records, this one ${records.length}`);
  }
  for (const record of records) checkRecord(record);
  const bytes = records.reduce((sum, record) => sum + bytesOf(record), 0);
  if (bytes > CALL_BYTES_MAX) throw invalid(`a call has at most ${CALL_BYTES_MAX} bytes, this one ${bytes}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
