/** Into the stream again, and never half done without saying so. */
import { Problem } from '#shared/api/problem.ts';
import type { StreamRecord, StreamWriter } from './ports.ts';

/** Well below the stream's 1 MiB. */
const RECORD_BYTES_MAX = 256 * 1024;
const ITEMS_PER_RECORD_MAX = 500;
const encoder = new TextEncoder();

/** Throws unless every record was taken; those that were are put again with the rest, which changes nothing. */
export async function putAll(records: readonly StreamRecord[], stream: StreamWriter): Promise<void> {
  if (records.length === 0) return;
  const taken = await stream.write(records);
  if (taken.every(Boolean) && taken.length === records.length) return;
  throw new Problem('unavailable', 'The stream has no room at the moment. Nothing is lost: call again.');
}

export interface Packed<Item> {
  readonly items: readonly Item[];
  /** JSON Lines, one an item. */
  readonly data: Uint8Array;
}

/** As few records as hold the items. Put one after the other they stay in order: of several in a call some may be late. */
export function pack<Item extends { readonly text: string }>(items: readonly Item[]): readonly Packed<Item>[] {
  const records: { items: Item[]; lines: Uint8Array[] }[] = [];
  let bytes = 0;
  for (const item of items) {
    const line = encoder.encode(`${item.text}\n`);
    const last = records.at(-1);
    bytes += line.length;
    if (last && bytes <= RECORD_BYTES_MAX && last.items.length < ITEMS_PER_RECORD_MAX) {
      last.items.push(item);
      last.lines.push(line);
    } else {
      records.push({ items: [item], lines: [line] });
      bytes = line.length;
    }
  }
  return records.map(({ items, lines }) => ({ items, data: Buffer.concat(lines) }));
}
