/** A part of the feed as one destination is told of it. */
import { changeEvent } from '#shared/activation/change-event.ts';
import { type DeliveryResult, delivered } from '#shared/activation/delivery.ts';
import { refusedBatchId } from '#shared/activation/delivery-lane.ts';
import { type Destination, purposeOf, wants } from '#shared/activation/destination.ts';
import { toldChange } from '#shared/activation/told-change.ts';
import type { PublishedChange } from '#shared/segment/membership-change.ts';
import type { DeliverPorts, FeedRow } from './ports.ts';

export interface Told {
  readonly result: DeliveryResult;
  /** How many of the rows it is told of. */
  readonly changes: number;
  /** How many it wants, and is not told of because the person refuses that. */
  readonly withheld: number;
}

/** `rows` of one shard, not empty. */
export async function deliverRows(
  destination: Destination,
  shard: number,
  rows: readonly FeedRow[],
  ports: DeliverPorts,
): Promise<Told> {
  const wanted = rows.map(({ change }) => change).filter(({ segmentId }) => wants(destination, segmentId));
  const { changes, refusing } = await consented(wanted, destination, ports);
  const withheld = wanted.length - changes.length;
  if (withheld > 0) ports.observe.withheld(withheld);
  const [first] = changes;
  if (first === undefined) return { result: delivered(), changes: 0, withheld };
  const shown = changes.filter(({ profileId }) => !refusing.has(profileId));
  const isNamed = destination.attributes.length > 0 && shown.length > 0;
  const readers = isNamed ? await ports.attributes(destination, shown) : undefined;
  const events = changes.map((change) => changeEvent(change, destination, readers?.get(change.profileId)));
  const batchId = refusedBatchId(shard, rows[0]?.sequence ?? 0);
  const result = await ports.deliver({ destination, events, batchId, madeAt: Date.parse(first.time) });
  if (result.ok) ports.observe.delivered(changes.length, Math.max(0, ports.now() - Date.parse(first.time)));
  return { result, changes: changes.length, withheld };
}

interface Consented {
  readonly changes: readonly PublishedChange[];
  /** Who refuses by now, or is gone: of them nothing is shown, only that they left. */
  readonly refusing: ReadonlySet<string>;
}

/** By what was refused when each change was made; of whom it is refused by now nobody hears that they came. */
async function consented(
  wanted: readonly PublishedChange[],
  destination: Destination,
  ports: DeliverPorts,
): Promise<Consented> {
  const purpose = purposeOf(destination);
  const told = wanted.flatMap((change) => toldChange(change, purpose) ?? []);
  if (told.length === 0) return { changes: [], refusing: new Set() };
  const ids = told.map(({ profileId }) => profileId);
  const refused = await ports.optOuts(destination.sandboxName, ids);
  const isRefusing = (id: string) => refused.has(id) && refused.get(id)?.includes(purpose) !== false;
  const refusing = new Set(ids.filter(isRefusing));
  const changes = told.filter(({ status, profileId }) => status === 'exited' || !refusing.has(profileId));
  return { changes, refusing };
}
