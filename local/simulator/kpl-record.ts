/** Several records packed into one as the Kinesis Producer Library does it, so that the reader's side is put to the test. */
import { createHash } from 'node:crypto';

const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const PARTITION_KEY_TABLE = 1;
const RECORDS = 3;
const [KEY_INDEX, DATA] = [1, 3];

export function aggregate(partitionKey: string, records: readonly Uint8Array[]): Uint8Array {
  const message = Buffer.concat([
    field(PARTITION_KEY_TABLE, Buffer.from(partitionKey)),
    ...records.map((data) => field(RECORDS, Buffer.concat([varintField(KEY_INDEX, 0), field(DATA, data)]))),
  ]);
  return Buffer.concat([MAGIC, message, createHash('md5').update(message).digest()]);
}

const field = (number: number, bytes: Uint8Array) =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);

const varintField = (number: number, value: number) => Buffer.concat([varint(number * 8), varint(value)]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
