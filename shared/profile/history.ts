/** Chunks of committed events: what a profile's tail held when it was spilled. Readers drop repeated ids. */
import { compareEvents } from '#shared/pql/events.ts';
import { ByteReader, ByteWriter, CorruptBytes } from './bytes.ts';
import type { StoredEvent } from './experience-event.ts';
import { unpackEvent } from './packed-event.ts';
import type { TailEvent } from './profile-state.ts';

export interface HistoryChunk {
  readonly oldest: number;
  readonly newest: number;
  /** The profile version whose tail this was. A second writer of the same version writes the same chunk. */
  readonly version: number;
  readonly events: readonly TailEvent[];
}

const FORMAT = 1;

export function chunkOf(tail: readonly TailEvent[], version: number): HistoryChunk {
  const times = tail.map(({ timestamp }) => timestamp);
  return { oldest: Math.min(...times), newest: Math.max(...times), version, events: tail };
}

export function encodeChunk(events: readonly TailEvent[]): Uint8Array {
  const writer = new ByteWriter().byte(FORMAT).varint(events.length);
  for (const { timestamp, packed } of events) writer.signed(timestamp).block(packed);
  return writer.finish();
}

export function decodeChunk(bytes: Uint8Array): TailEvent[] {
  const reader = new ByteReader(bytes);
  const format = reader.byte();
  if (format !== FORMAT) throw new CorruptBytes(`a chunk of format ${format}; this version reads ${FORMAT}`);
  const events: TailEvent[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    events.push({ timestamp: reader.signed(), packed: reader.block() });
  }
  return events;
}

/** By time, then id; each id once. */
export function sortEvents(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const byId = new Map<string, StoredEvent>();
  for (const event of events) {
    const known = byId.get(event._id);
    if (known === undefined || isEarlier(event, known)) byId.set(event._id, event);
  }
  return [...byId.values()].sort(compareEvents);
}

/** Two profiles may have been sent two events under one id before they became one: which of them counts is no matter of order. */
function isEarlier(event: StoredEvent, known: StoredEvent): boolean {
  if (event.timestamp !== known.timestamp) return event.timestamp < known.timestamp;
  return JSON.stringify(event) < JSON.stringify(known);
}

export const unpackAll = (events: readonly TailEvent[]): StoredEvent[] =>
  events.map(({ packed }) => unpackEvent(packed));
