/** JSON values as bytes: a tag, then the value. Small integers and flags take one byte or two. */
import { type ByteReader, type ByteWriter, CorruptBytes } from './bytes.ts';

const TAG = { absent: 0, null: 1, false: 2, true: 3, integer: 4, double: 5, text: 6, json: 7 } as const;
/** Integers beyond this lose digits in the signed coding. */
const INTEGER_MAX = 2 ** 51;

export function writeValue(writer: ByteWriter, value: unknown): void {
  if (value === undefined) writer.byte(TAG.absent);
  else if (value === null) writer.byte(TAG.null);
  else if (typeof value === 'boolean') writer.byte(value ? TAG.true : TAG.false);
  else if (typeof value === 'string') writer.byte(TAG.text).text(value);
  else if (typeof value === 'number') writeNumber(writer, value);
  else writer.byte(TAG.json).text(JSON.stringify(value));
}

function writeNumber(writer: ByteWriter, value: number): void {
  const isSmall = Number.isInteger(value) && Math.abs(value) < INTEGER_MAX && !Object.is(value, -0);
  if (isSmall) writer.byte(TAG.integer).signed(value);
  else writer.byte(TAG.double).float64(value);
}

export function readValue(reader: ByteReader): unknown {
  const tag = reader.byte();
  switch (tag) {
    case TAG.absent:
      return undefined;
    case TAG.null:
      return null;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.integer:
      return reader.signed();
    case TAG.double:
      return reader.float64();
    case TAG.text:
      return reader.text();
    case TAG.json:
      return JSON.parse(reader.text());
    default:
      throw new CorruptBytes(`no value begins with ${tag}`);
  }
}
