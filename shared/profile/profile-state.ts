/**
 * The hot state of one profile: all that must be read and written when an event arrives, as one binary value.
 *
 * Layout of format 1 (integers are LEB128 unless said otherwise):
 *
 *     format · rulesVersion · evaluatedAt · seenFloor + 1
 *     recent ids:  count · (hash as 4 bytes, signed difference of the second to the one before)*
 *     clamped ids: count · (hash as 4 bytes)*
 *     event types: count · (hash as 4 bytes)*
 *     leaves:      count · (difference of the ordinal, block)*
 *     memberships: count · (difference of the ordinal × 2 + realized, signed evaluatedAt − lastQualificationTime)*
 *     tail:        count · (signed difference of the timestamp, block)*
 *
 * A reader refuses a format that it does not know. A new format is readable one release before it is written.
 */
import { ByteReader, ByteWriter, CorruptBytes } from './bytes.ts';

export type MembershipStatus = 'realized' | 'exited';

export interface Membership {
  readonly status: MembershipStatus;
  /** When `status` last changed, epoch milliseconds. */
  readonly lastQualificationTime: number;
}

/** An event lately applied: enough to recognise it again, at the price of a look at the event itself. */
export interface RecentEvent {
  readonly idHash: number;
  /** Its timestamp in seconds, rounded up, so that what is evicted never understates the floor. */
  readonly second: number;
}

/** A committed event that no history chunk holds yet. */
export interface TailEvent {
  readonly timestamp: number;
  readonly packed: Uint8Array;
}

export interface ProfileState {
  readonly rulesVersion: number;
  /** The instant of the last evaluation; it never goes back. */
  readonly evaluatedAt: number;
  /** Every event newer than this is in `recent` or `clamped`, if it was ever applied. −1 while nothing was evicted. */
  readonly seenFloor: number;
  readonly recent: readonly RecentEvent[];
  /** Id hashes of events whose time was set to their arrival: sent again, they may come with another time. */
  readonly clamped: readonly number[];
  /** Hashes of the event types ever seen: a leaf over any other is empty without a look at history. */
  readonly eventTypes: ReadonlySet<number>;
  readonly leaves: ReadonlyMap<number, Uint8Array>;
  readonly memberships: ReadonlyMap<number, Membership>;
  readonly tail: readonly TailEvent[];
}

export const STATE_FORMAT = 1;

export const EMPTY_STATE: ProfileState = {
  rulesVersion: 0,
  evaluatedAt: 0,
  seenFloor: -1,
  recent: [],
  clamped: [],
  eventTypes: new Set(),
  leaves: new Map(),
  memberships: new Map(),
  tail: [],
};

const byKey = <Value>(map: ReadonlyMap<number, Value>) => [...map].sort(([left], [right]) => left - right);

export const encodeState = (state: ProfileState): Uint8Array => withTail(encodeHead(state), state.tail);

/** Everything but the tail, which comes last and is placed when the size of the rest is known. */
export function encodeHead(state: Omit<ProfileState, 'tail'>): Uint8Array {
  const writer = new ByteWriter();
  writer
    .byte(STATE_FORMAT)
    .varint(state.rulesVersion)
    .varint(state.evaluatedAt)
    .varint(state.seenFloor + 1);
  writeRecent(writer, state.recent);
  writeHashes(writer, state.clamped);
  writeHashes(
    writer,
    [...state.eventTypes].sort((left, right) => left - right),
  );
  writeLeaves(writer, state.leaves);
  writeMemberships(writer, state);
  return writer.finish();
}

export function withTail(head: Uint8Array, tail: ProfileState['tail']): Uint8Array {
  const writer = new ByteWriter().raw(head);
  writeTail(writer, tail);
  return writer.finish();
}

function writeRecent(writer: ByteWriter, recent: ProfileState['recent']): void {
  let previous = 0;
  writer.varint(recent.length);
  for (const { idHash, second } of recent) {
    writer.uint32(idHash).signed(second - previous);
    previous = second;
  }
}

function writeHashes(writer: ByteWriter, hashes: readonly number[]): void {
  writer.varint(hashes.length);
  for (const hash of hashes) writer.uint32(hash);
}

function writeLeaves(writer: ByteWriter, leaves: ProfileState['leaves']): void {
  let previous = 0;
  writer.varint(leaves.size);
  for (const [ordinal, bytes] of byKey(leaves)) {
    writer.varint(ordinal - previous).block(bytes);
    previous = ordinal;
  }
}

function writeMemberships(writer: ByteWriter, { memberships, evaluatedAt }: Omit<ProfileState, 'tail'>): void {
  let previous = 0;
  writer.varint(memberships.size);
  for (const [ordinal, { status, lastQualificationTime }] of byKey(memberships)) {
    writer
      .varint((ordinal - previous) * 2 + (status === 'realized' ? 1 : 0))
      .signed(evaluatedAt - lastQualificationTime);
    previous = ordinal;
  }
}

function writeTail(writer: ByteWriter, tail: ProfileState['tail']): void {
  let previous = 0;
  writer.varint(tail.length);
  for (const { timestamp, packed } of tail) {
    writer.signed(timestamp - previous).block(packed);
    previous = timestamp;
  }
}

/** Throws `CorruptBytes` where the bytes are of no format that this version reads. */
export function decodeState(bytes: Uint8Array): ProfileState {
  const reader = new ByteReader(bytes);
  const format = reader.byte();
  if (format !== STATE_FORMAT) throw new CorruptBytes(`state of format ${format}; this version reads ${STATE_FORMAT}`);
  const rulesVersion = reader.varint();
  const evaluatedAt = reader.varint();
  const seenFloor = reader.varint() - 1;
  const state: ProfileState = {
    rulesVersion,
    evaluatedAt,
    seenFloor,
    recent: readRecent(reader),
    clamped: times(reader.varint(), () => reader.uint32()),
    eventTypes: new Set(times(reader.varint(), () => reader.uint32())),
    leaves: readLeaves(reader),
    memberships: readMemberships(reader, evaluatedAt),
    tail: readTail(reader),
  };
  if (!reader.done) throw new CorruptBytes('bytes are left over behind the state');
  return state;
}

function times<Item>(count: number, read: () => Item): Item[] {
  const items: Item[] = [];
  for (let index = 0; index < count; index++) items.push(read());
  return items;
}

function readRecent(reader: ByteReader): RecentEvent[] {
  let second = 0;
  return times(reader.varint(), () => {
    const idHash = reader.uint32();
    second += reader.signed();
    return { idHash, second };
  });
}

function readLeaves(reader: ByteReader): Map<number, Uint8Array> {
  let ordinal = 0;
  return new Map(
    times(reader.varint(), () => {
      ordinal += reader.varint();
      return [ordinal, reader.block()] as const;
    }),
  );
}

function readMemberships(reader: ByteReader, evaluatedAt: number): Map<number, Membership> {
  let ordinal = 0;
  return new Map(
    times(reader.varint(), () => {
      const head = reader.varint();
      ordinal += Math.floor(head / 2);
      const status = head % 2 === 1 ? ('realized' as const) : ('exited' as const);
      return [ordinal, { status, lastQualificationTime: evaluatedAt - reader.signed() }] as const;
    }),
  );
}

export function readTail(reader: ByteReader): TailEvent[] {
  let timestamp = 0;
  return times(reader.varint(), () => {
    timestamp += reader.signed();
    return { timestamp, packed: reader.block() };
  });
}
