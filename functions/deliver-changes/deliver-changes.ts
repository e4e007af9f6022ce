/** What each message of the queue of deliveries asks for. */
import { backoffSeconds, type DeliveryMessage, type RefusedBatch } from '#shared/activation/delivery-lane.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { unreachable } from '#shared/kernel/invariant.ts';
import { ATTEMPTS_MAX, deliverLane } from './deliver-lane.ts';
import { deliverRows } from './deliver-rows.ts';
import type { DeliverPorts } from './ports.ts';

export async function deliverChanges(message: DeliveryMessage, ports: DeliverPorts): Promise<void> {
  switch (message.kind) {
    case 'wake':
      return wakeLanes(message.sandboxName, message.shards, ports);
    case 'lane':
      return deliverLane(message, message.attempt, ports);
    case 'refused':
      return deliverAgain(message, ports);
    default:
      return unreachable(message);
  }
}

/** A message each: a destination that is slow keeps nobody else waiting. */
async function wakeLanes(sandboxName: string, shards: readonly number[], ports: DeliverPorts): Promise<void> {
  const active = (await ports.destinations.list(sandboxName)).filter(({ state }) => state === 'active');
  const lanes = active.flatMap(({ id }) =>
    shards.map((shard) => ({ kind: 'lane' as const, sandboxName, destinationId: id, shard, attempt: 0 })),
  );
  if (lanes.length > 0) await ports.queue.send(lanes);
}

type Redriven = Extract<DeliveryMessage, { readonly kind: 'refused' }>;

/** It stays set aside until it was taken, so nothing is lost by trying. */
async function deliverAgain(message: Redriven, ports: DeliverPorts): Promise<void> {
  const { sandboxName, destinationId, batchId, attempt } = message;
  const [destination, batch] = await Promise.all([
    ports.destinations.find(sandboxName, destinationId),
    ports.lanes.findRefused(sandboxName, destinationId, batchId),
  ]);
  if (destination === undefined || batch === undefined) return;
  const rows = await rowsOf(batch, ports);
  if (rows.length === 0) {
    ports.observe.lost(destination, batch.changes);
    return ports.lanes.setAside({ ...batch, reason: 'its changes are no longer in the feed, which keeps seven days' });
  }
  const { result } = await deliverRows(destination, batch.shard, rows, ports);
  if (result.ok) return ports.lanes.removeRefused(batch);
  const { reason, isFinal } = result.error;
  await ports.lanes.setAside({ ...batch, reason });
  ports.observe.failed(destination, reason);
  if (isFinal || attempt + 1 >= ATTEMPTS_MAX) return ports.observe.refused(destination, reason);
  const again = { ...message, attempt: attempt + 1 };
  await ports.queue.send([again], backoffSeconds(attempt + 1, ports.chance()));
}

async function rowsOf({ sandboxName, shard, from, through }: RefusedBatch, { feed }: DeliverPorts) {
  const position = { sandboxName: sandboxName as SandboxName, shard, after: from - 1 };
  const rows = await feed.read(position, through - from + 1);
  return rows.filter(({ sequence }) => sequence <= through);
}
