/**
 * Records that the Kinesis Producer Library packed into one: a magic number, a protocol buffer, an MD5 of it.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
import { createHash } from 'node:crypto';
import { ByteReader, CorruptBytes } from '#shared/profile/bytes.ts';

const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const DIGEST_BYTES = 16;
/** `repeated Record records = 3` of the aggregate, `required bytes data = 3` of a record. */
const RECORDS_FIELD = 3;
const DATA_FIELD = 3;

/** The user records inside; a record that is no whole aggregate is returned as it is, for the format asks for that. */
export function deaggregate(data: Uint8Array): readonly Uint8Array[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < MAGIC.length + DIGEST_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return [data];
  const message = bytes.subarray(MAGIC.length, -DIGEST_BYTES);
  const digest = createHash('md5').update(message).digest();
  if (!digest.equals(bytes.subarray(-DIGEST_BYTES))) return [data];
  try {
    return fieldsOf(message, RECORDS_FIELD).flatMap((record) => fieldsOf(record, DATA_FIELD));
  } catch (error) {
    if (error instanceof CorruptBytes) return [data];
    throw error;
  }
}

/** The values of a length-delimited field of a protocol buffer, in order. */
function fieldsOf(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new ByteReader(message);
  const values: Uint8Array[] = [];
  while (!reader.done) {
    const tag = reader.varint();
    const value = readValue(reader, tag % 8);
    if (Math.floor(tag / 8) === wanted && value !== undefined) values.push(value);
  }
  return values;
}

const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

function readValue(reader: ByteReader, wireType: number): Uint8Array | undefined {
  switch (wireType) {
    case WIRE.varint:
      reader.varint();
      return undefined;
    case WIRE.fixed64:
      reader.raw(8);
      return undefined;
    case WIRE.lengthDelimited:
      return reader.block();
    case WIRE.fixed32:
      reader.raw(4);
      return undefined;
    default:
      throw new CorruptBytes(`wire type ${wireType}`);
  }
}
