/**
 * The hot state of one profile: all that must be read and written when an event arrives, as one binary value.
 *
 * Layout of format 1 (integers are LEB128 unless said otherwise):
 *
 *     format · rulesVersion · evaluatedAt · seenFloor + 1
 *     recent ids:  count · (hash as 4 bytes, signed difference of the second to the one before)*
 *     clamped ids: count · (hash as 4 bytes)*
 *     event types: count · (hash as 4 bytes)*
 *     rows:        count · (difference of the number, signed difference of the timestamp)*
 *     leaves:      count · (difference of the ordinal × 4 + length − 1, bytes)*; × 4 + 3 and a block for any other length
 *     memberships: count of groups of one status and time · (members × 2 + realized,
 *                  signed evaluatedAt − lastQualificationTime, (difference of the ordinal)*)*
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

/** The time of a row that leaves name by its number. */
export interface RowTime {
  readonly number: number;
  readonly timestamp: number;
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
  /** In the order of their numbers. */
  readonly rows: readonly RowTime[];
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
  rows: [],
  leaves: new Map(),
  memberships: new Map(),
  tail: [],
};

/** Most maps are in order as they are, for so they were read. */
function byKey<Value>(map: ReadonlyMap<number, Value>): readonly (readonly [number, Value])[] {
  const entries = [...map];
  const isSorted = entries.every(([key], index) => index === 0 || (entries[index - 1] as [number, Value])[0] < key);
  return isSorted ? entries : entries.sort(([left], [right]) => left - right);
}

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
  writeRows(writer, state.rows);
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

function writeRows(writer: ByteWriter, rows: ProfileState['rows']): void {
  let previous: RowTime = { number: 0, timestamp: 0 };
  writer.varint(rows.length);
  for (const row of rows) {
    writer.varint(row.number - previous.number).signed(row.timestamp - previous.timestamp);
    previous = row;
  }
}

function writeLeaves(writer: ByteWriter, leaves: ProfileState['leaves']): void {
  let previous = 0;
  writer.varint(leaves.size);
  for (const [ordinal, bytes] of byKey(leaves)) {
    const head = (ordinal - previous) * LENGTHS;
    if (bytes.length > 0 && bytes.length < LENGTHS) writer.varint(head + bytes.length - 1).raw(bytes);
    else writer.varint(head + LENGTHS - 1).block(bytes);
    previous = ordinal;
  }
}

/** A leaf's length stands beside its ordinal where it is shorter than this: most are a row or two of a byte each. */
const LENGTHS = 4;

/** Memberships mostly change together, so a time is written once for all that share it. */
function writeMemberships(writer: ByteWriter, { memberships, evaluatedAt }: Omit<ProfileState, 'tail'>): void {
  const groups = new Map<number, { readonly membership: Membership; readonly ordinals: number[] }>();
  for (const [ordinal, membership] of byKey(memberships)) {
    const { status, lastQualificationTime } = membership;
    const key = status === 'realized' ? lastQualificationTime : -1 - lastQualificationTime;
    const group = groups.get(key);
    if (group) group.ordinals.push(ordinal);
    else groups.set(key, { membership, ordinals: [ordinal] });
  }
  writer.varint(groups.size);
  for (const { membership, ordinals } of groups.values()) {
    writer.varint(ordinals.length * 2 + (membership.status === 'realized' ? 1 : 0));
    writer.signed(evaluatedAt - membership.lastQualificationTime);
    let previous = 0;
    for (const ordinal of ordinals) {
      writer.varint(ordinal - previous);
      previous = ordinal;
    }
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
    rows: readRows(reader),
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
      const head = reader.varint();
      const length = (head % LENGTHS) + 1;
      ordinal += Math.floor(head / LENGTHS);
      return [ordinal, length < LENGTHS ? reader.raw(length) : reader.block()] as const;
    }),
  );
}

function readMemberships(reader: ByteReader, evaluatedAt: number): Map<number, Membership> {
  const memberships = new Map<number, Membership>();
  for (let groups = reader.varint(); groups > 0; groups--) {
    const head = reader.varint();
    const status = head % 2 === 1 ? 'realized' : 'exited';
    const membership: Membership = { status, lastQualificationTime: evaluatedAt - reader.signed() };
    let ordinal = 0;
    for (let members = Math.floor(head / 2); members > 0; members--) {
      ordinal += reader.varint();
      memberships.set(ordinal, membership);
    }
  }
  return memberships;
}

function readRows(reader: ByteReader): RowTime[] {
  let row: RowTime = { number: 0, timestamp: 0 };
  return times(reader.varint(), () => {
    row = { number: row.number + reader.varint(), timestamp: row.timestamp + reader.signed() };
    return row;
  });
}

export function readTail(reader: ByteReader): TailEvent[] {
  let timestamp = 0;
  return times(reader.varint(), () => {
    timestamp += reader.signed();
    return { timestamp, packed: reader.block() };
  });
}
