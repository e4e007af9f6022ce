/**
 * The membership changes of one profile version as they lie beside its state:
 * count · (ordinal · cause × 2 + realized · signed difference of the time to the one before)*. Most share one time.
 */
import { invariant } from '#shared/kernel/invariant.ts';
import { ByteReader, ByteWriter } from '#shared/profile/bytes.ts';
import type { ChangeCause, MembershipChange } from './evaluation.ts';

/** A cause's place in this list is stored: append only. */
const CAUSES: readonly ChangeCause[] = ['event', 'time', 'definition', 'merge', 'batch', 'erasure'];

export function encodeChanges(changes: readonly MembershipChange[]): Uint8Array {
  const writer = new ByteWriter().varint(changes.length);
  let previous = 0;
  for (const { segmentOrdinal, status, time, cause } of changes) {
    writer
      .varint(segmentOrdinal)
      .varint(CAUSES.indexOf(cause) * 2 + (status === 'realized' ? 1 : 0))
      .signed(time - previous);
    previous = time;
  }
  return writer.finish();
}

export function decodeChanges(bytes: Uint8Array): readonly MembershipChange[] {
  const reader = new ByteReader(bytes);
  const changes: MembershipChange[] = [];
  let time = 0;
  for (let left = reader.varint(); left > 0; left--) {
    const segmentOrdinal = reader.varint();
    const head = reader.varint();
    const cause = CAUSES[Math.floor(head / 2)];
    invariant(cause, `a change of cause ${Math.floor(head / 2)}, which this version does not know`);
    time += reader.signed();
    changes.push({ segmentOrdinal, status: head % 2 === 1 ? 'realized' : 'exited', time, cause });
  }
  return changes;
}
