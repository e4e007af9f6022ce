/**
 * The membership changes of one profile version as they lie beside its state:
 * count · (ordinal · cause × 2 + realized · signed difference of the time to the one before)*. Most share one time.
 *
 * Where somebody refused something, or changes are repeated, there follow
 * refused before · refused now · time · how many of the changes, from the last one on, are repeated × 2 + by a resync.
 */
import { invariant } from '#shared/kernel/invariant.ts';
import { ByteReader, ByteWriter } from '#shared/profile/bytes.ts';
import { CONSENT_PURPOSES, type ConsentPurpose } from '#shared/profile/consent.ts';
import { NO_OPT_OUTS, type OptOuts } from './consent-shift.ts';
import type { ChangeCause, MembershipChange } from './evaluation.ts';

/** A cause's place in this list is stored: append only. */
const CAUSES: readonly ChangeCause[] = ['event', 'time', 'definition', 'merge', 'batch', 'erasure'];

export interface VersionChanges {
  readonly changes: readonly MembershipChange[];
  readonly optOuts: OptOuts;
}

/** Changes that are repeated come after all others, and for one reason. */
export function encodeChanges(changes: readonly MembershipChange[], optOuts: OptOuts = NO_OPT_OUTS): Uint8Array {
  const writer = new ByteWriter().varint(changes.length);
  let previous = 0;
  for (const { segmentOrdinal, status, time, cause } of changes) {
    writer
      .varint(segmentOrdinal)
      .varint(CAUSES.indexOf(cause) * 2 + (status === 'realized' ? 1 : 0))
      .signed(time - previous);
    previous = time;
  }
  const repeated = changes.filter((change) => change.repeated !== undefined);
  if (repeated.length > 0 || optOuts.before.length > 0 || optOuts.now.length > 0) {
    const isResync = repeated[0]?.repeated === 'resync';
    writer.varint(bitsOf(optOuts.before)).varint(bitsOf(optOuts.now)).varint(optOuts.at);
    writer.varint(repeated.length * 2 + (isResync ? 1 : 0));
  }
  return writer.finish();
}

export const decodeChanges = (bytes: Uint8Array): readonly MembershipChange[] => decodeVersion(bytes).changes;

export function decodeVersion(bytes: Uint8Array): VersionChanges {
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
  if (reader.done) return { changes, optOuts: NO_OPT_OUTS };
  const optOuts = { before: purposesOf(reader.varint()), now: purposesOf(reader.varint()), at: reader.varint() };
  const repeats = reader.varint();
  const first = changes.length - Math.floor(repeats / 2);
  const repeated = repeats % 2 === 1 ? 'resync' : 'consent';
  return { changes: changes.map((change, at) => (at < first ? change : { ...change, repeated })), optOuts };
}

const bitsOf = (purposes: readonly ConsentPurpose[]): number =>
  purposes.reduce((bits, purpose) => bits + 2 ** CONSENT_PURPOSES.indexOf(purpose), 0);

const purposesOf = (bits: number): readonly ConsentPurpose[] =>
  CONSENT_PURPOSES.filter((_, index) => Math.floor(bits / 2 ** index) % 2 === 1);
