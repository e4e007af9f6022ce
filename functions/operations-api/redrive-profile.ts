/**
 * Takes a parked profile's mark away and puts what waits for it into the stream again.
 *
 *     mark ──conditional write──▶ no mark ──▶ items into the stream, in order ──▶ items out of the parking lot
 *
 * Ended at any point, the next call goes on from there: items that were in the stream already are recognised by their ids.
 * Items are looked for after the mark is gone, and who sets items aside looks for the mark afterwards, so none is missed.
 */
import type { ParkedItem, ProfileKey } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import type { RedrivePorts } from './ports.ts';
import { pack, putAll } from './put-back.ts';
import { type MarkTaken, takeMarkAway, type Unreadable } from './take-mark-away.ts';

export const ITEMS_PER_CALL_MAX = 1_000;

export type Redriven =
  | Unreadable
  /** Neither marked nor waited for. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'redriven'; readonly mark: MarkTaken; readonly items: number; readonly hasMore: boolean };

export interface RedriveOptions {
  /** Go on though the state, or what can't be read of it, is lost. */
  readonly discardState: boolean;
}

export async function redriveProfile(key: ProfileKey, options: RedriveOptions, ports: RedrivePorts): Promise<Redriven> {
  const mark = await takeMarkAway(key, options, ports);
  if (mark.kind === 'unreadable') return mark;
  const { entries, next } = await ports.parked.items(key, ITEMS_PER_CALL_MAX);
  if (entries.length === 0 && mark.kind === 'no-mark') return { kind: 'unknown' };
  await putItemsBack(key, entries, ports);
  return { kind: 'redriven', mark, items: entries.length, hasMore: next !== undefined };
}

/** What a record brought is removed before the next one, so that a call that ends halfway has got on. */
async function putItemsBack(key: ProfileKey, items: readonly ParkedItem[], ports: RedrivePorts): Promise<void> {
  const { parked, stream } = ports;
  const partitionKey = key.profileId;
  for (const { items: sent, data } of pack(items)) {
    await putAll([{ partitionKey, data }], stream);
    await parked.remove(
      key,
      sent.map(({ id }) => id),
    );
  }
  // Time catches up at once, though nothing may have waited.
  const wakeUp = new TextEncoder().encode(wakeUpRecord('rebuild', key));
  await putAll([{ partitionKey, data: wakeUp }], stream);
}
