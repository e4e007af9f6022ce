/** Lines of JSON as records of the event stream: those of one primary identity travel together, which is cheaper to process. */
import { createHash } from 'node:crypto';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { ITEMS_PER_RECORD_MAX } from '#shared/profile/stream-record.ts';

/** One event or profile record, written out. */
export interface StreamLine {
  readonly partitionKey: string;
  readonly line: string;
}

export interface StreamRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** Well below the stream's 1 MiB, so that no batch of records is dominated by one. */
export const RECORD_BYTES_MAX = 256 * 1024;

/** A digest: partition keys are limited in length, and show up in places where identities must not. */
export function partitionKeyOf(sandboxName: string, identities: readonly Identity[], otherwise: number): string {
  const [primary] = identities;
  const key = primary ? identityKey(primary) : otherwise;
  return createHash('sha256').update(`${sandboxName}#${key}`).digest('base64url');
}

/** By partition key, in order, split where a record would become too large. */
export function groupLines<Line extends StreamLine>(lines: readonly Line[]): readonly (readonly Line[])[] {
  const open = new Map<string, { items: Line[]; bytes: number }>();
  const groups: Line[][] = [];
  for (const item of lines) {
    const bytes = Buffer.byteLength(item.line) + 1;
    const current = open.get(item.partitionKey);
    const fits = current !== undefined && current.items.length < ITEMS_PER_RECORD_MAX;
    if (fits && current.bytes + bytes <= RECORD_BYTES_MAX) {
      current.items.push(item);
      current.bytes += bytes;
      continue;
    }
    const items = [item];
    groups.push(items);
    open.set(item.partitionKey, { items, bytes });
  }
  return groups;
}

export function toStreamRecord(lines: readonly StreamLine[]): StreamRecord {
  const data = new TextEncoder().encode(lines.map(({ line }) => line).join('\n'));
  return { partitionKey: lines[0]?.partitionKey ?? '', data };
}
