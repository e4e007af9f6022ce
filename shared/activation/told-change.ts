/**
 * A membership change as it concerns a destination that people may refuse: to it somebody is a member while they are one
 * and do not refuse its purpose. What was refused when it was told of the change before stands in the change itself, so
 * nobody has to remember whom a destination was told of.
 *
 *               allowed before    refused before
 *   allowed     as it is          realized, if a member
 *   refused     exited            nothing
 */
import type { ConsentPurpose } from '#shared/profile/consent.ts';
import type { PublishedChange } from '#shared/segment/membership-change.ts';

/** As the destination is to hear of it; undefined where it hears nothing. */
export function toldChange(change: PublishedChange, purpose: ConsentPurpose): PublishedChange | undefined {
  const { repeated, optOuts } = change;
  if (optOuts === undefined) return change;
  const wasAllowed = !optOuts.before.includes(purpose);
  const isAllowed = !optOuts.now.includes(purpose);
  // After an outage nobody knows what it still holds.
  if (repeated === 'resync') return isAllowed ? change : ended(change);
  if (repeated === 'consent') return wasAllowed === isAllowed ? undefined : isAllowed ? begun(change) : ended(change);
  return (change.status === 'exited' ? wasAllowed : isAllowed) ? change : undefined;
}

/** By the person's word, at its time. */
const begun = (change: PublishedChange): PublishedChange => ({ ...change, ...saidIn(change) });
const ended = (change: PublishedChange): PublishedChange => ({ ...begun(change), status: 'exited' });

const saidIn = ({ repeated, optOuts, time, cause }: PublishedChange) => ({
  time: optOuts?.time ?? time,
  cause: repeated === 'consent' ? ('event' as const) : cause,
});
