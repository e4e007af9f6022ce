/** A part of the feed as one destination is told of it. */
import { changeEvent } from '#shared/activation/change-event.ts';
import { type DeliveryResult, delivered } from '#shared/activation/delivery.ts';
import { refusedBatchId } from '#shared/activation/delivery-lane.ts';
import { type Destination, wants } from '#shared/activation/destination.ts';
import type { DeliverPorts, FeedRow } from './ports.ts';

export interface Told {
  readonly result: DeliveryResult;
  /** How many of the rows it wants. */
  readonly changes: number;
}

/** `rows` of one shard, not empty. */
export async function deliverRows(
  destination: Destination,
  shard: number,
  rows: readonly FeedRow[],
  ports: DeliverPorts,
): Promise<Told> {
  const changes = rows.map(({ change }) => change).filter(({ segmentId }) => wants(destination, segmentId));
  const [first] = changes;
  if (first === undefined) return { result: delivered(), changes: 0 };
  const named = destination.attributes.length > 0;
  const readers = named ? await ports.attributes(destination, changes) : undefined;
  const events = changes.map((change) => changeEvent(change, destination, readers?.get(change.profileId)));
  const batchId = refusedBatchId(shard, rows[0]?.sequence ?? 0);
  const result = await ports.deliver({ destination, events, batchId, madeAt: Date.parse(first.time) });
  if (result.ok) ports.observe.delivered(changes.length, Math.max(0, ports.now() - Date.parse(first.time)));
  return { result, changes: changes.length };
}
