/** Into the stream again: in order where the order is asked for, and never half done without saying so. */
import { Problem } from '#shared/api/problem.ts';
import type { StreamRecord, StreamWriter } from './ports.ts';

/** Well below the stream's 1 MiB. */
const RECORD_BYTES_MAX = 256 * 1024;
const ITEMS_PER_RECORD_MAX = 500;
const encoder = new TextEncoder();

/** Items of one profile, packed, one record after the other: a batch in one call could be taken out of order. */
export async function putInOrder(partitionKey: string, texts: readonly string[], stream: StreamWriter): Promise<void> {
  for (const data of packed(texts)) await putAll([{ partitionKey, data }], stream);
}

/** Throws unless every record was taken; those that were are put again with the rest, which changes nothing. */
export async function putAll(records: readonly StreamRecord[], stream: StreamWriter): Promise<void> {
  if (records.length === 0) return;
  const taken = await stream.write(records);
  if (taken.every(Boolean) && taken.length === records.length) return;
  throw new Problem('unavailable', 'The stream has no room at the moment. Nothing is lost: call again.');
}

function packed(texts: readonly string[]): readonly Uint8Array[] {
  const records: Uint8Array[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const line = encoder.encode(`${text}\n`);
    const last = records.at(-1);
    bytes += line.length;
    if (last && bytes <= RECORD_BYTES_MAX && last.length < ITEMS_PER_RECORD_MAX) {
      last.push(line);
    } else {
      records.push([line]);
      bytes = line.length;
    }
  }
  return records.map((lines) => Buffer.concat(lines));
}
