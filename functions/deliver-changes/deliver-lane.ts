/**
 * One lane from where it stands to the end of its shard. Whatever fails waits with growing pauses and is tried again from
 * the same place; what is turned away for good is set aside, and the lane goes on, unless order matters more.
 */
import type { DeliveryFailure } from '#shared/activation/delivery.ts';
import { backoffSeconds, type Lane, type LaneKey, refusedBatchId } from '#shared/activation/delivery-lane.ts';
import { type Destination, keepsOrder } from '#shared/activation/destination.ts';
import { describeRestriction } from '#shared/activation/usage-restrictions.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { deliverRows } from './deliver-rows.ts';
import type { DeliverPorts, FeedRow } from './ports.ts';

/** Changes of one delivery. */
export const BATCH_MAX = 100;
/** Longer than the function may run; shorter than a message stays hidden whose worker died. */
const HELD_MS = 90_000;
/** After this it hands over, so that no lane keeps a function to itself. */
const WORK_MS = 25_000;
const HELD_RETRY_SECONDS = 5;
/** With pauses of up to a quarter of an hour: about three hours. */
export const ATTEMPTS_MAX = 20;

export async function deliverLane(key: LaneKey, attempt: number, ports: DeliverPorts): Promise<void> {
  const destination = await ports.destinations.find(key.sandboxName, key.destinationId);
  if (destination === undefined || destination.state === 'paused') return;
  const now = ports.now();
  const lane = await ports.lanes.take(key, { now, heldUntil: now + HELD_MS, attempt });
  // Whoever holds it sees the wake-up, but a retry is not one: it may be the only one that is planned.
  if (lane === 'held' && attempt > 0) await ports.queue.send([{ kind: 'lane', ...key, attempt }], HELD_RETRY_SECONDS);
  if (lane === 'held' || lane === 'waiting') return;
  const restrictions = await ports.restrictions(destination);
  if (restrictions.length > 0) {
    const reason = `blocked: ${restrictions.slice(0, 3).map(describeRestriction).join('; ')}`;
    await retryLater({ destination, lane, ports }, { reason, isFinal: false });
  } else {
    await work({ destination, lane, ports }, now + WORK_MS);
  }
}

interface Working {
  readonly destination: Destination;
  readonly lane: Lane;
  readonly ports: DeliverPorts;
}

const keyOf = ({ sandboxName, destinationId, shard }: LaneKey): LaneKey => ({ sandboxName, destinationId, shard });

async function work(start: Working, until: number): Promise<void> {
  const { lanes, queue, now } = start.ports;
  let working: Working | undefined = start;
  while (working !== undefined) {
    if (now() >= until) {
      await moved(working, { letsGo: true });
      return queue.send([{ kind: 'lane', ...keyOf(working.lane), attempt: 0 }]);
    }
    const { lane, destination, ports } = working;
    const rows = await read(lane, ports);
    if (rows.length > 0) working = await renewed(await step(working, rows));
    else working = (await lanes.letGo(lane)) ? undefined : await moved({ destination, lane, ports }, {});
  }
}

const read = ({ sandboxName, shard, position }: Lane, { feed }: DeliverPorts): Promise<readonly FeedRow[]> =>
  feed.read({ sandboxName: sandboxName as SandboxName, shard, after: position }, BATCH_MAX);

/** With the destination as it is by now: one that was paused is told nothing more. */
async function renewed(working: Working | undefined): Promise<Working | undefined> {
  if (working === undefined) return undefined;
  const { lane, ports } = working;
  const destination = await ports.destinations.find(lane.sandboxName, lane.destinationId);
  if (destination?.state === 'active') return { ...working, destination };
  await moved(working, { letsGo: true });
  return undefined;
}

/** Undefined where somebody else holds the lane by now. */
async function moved(working: Working, progress: Parameters<DeliverPorts['lanes']['advance']>[1]) {
  const lane = await working.ports.lanes.advance(working.lane, progress);
  return lane === undefined ? undefined : { ...working, lane };
}

/** Undefined where the lane was let go of. */
async function step(working: Working, rows: readonly FeedRow[]): Promise<Working | undefined> {
  const { destination, lane, ports } = working;
  const lost = (rows[0]?.sequence ?? 0) - lane.position - 1;
  const position = rows.at(-1)?.sequence ?? lane.position;
  const { result, changes, withheld } = await deliverRows(destination, lane.shard, rows, ports);
  if (lost > 0) ports.observe.lost(destination, lost);
  if (result.ok) {
    const told = changes > 0 && { lastDeliveredAt: ports.now(), lastError: null };
    return moved(working, { position, failures: 0, delivered: changes, lost, withheld, ...told });
  }
  const isTooMuch = result.error.isFinal || lane.failures + 1 >= ATTEMPTS_MAX;
  if (!isTooMuch || keepsOrder(destination)) return retryLater(working, result.error);
  const { reason } = result.error;
  await setAside(working, rows, { reason, changes });
  return moved(working, { position, failures: 0, lastError: reason, lost });
}

async function setAside(
  { destination, lane, ports }: Working,
  rows: readonly FeedRow[],
  { reason, changes }: { readonly reason: string; readonly changes: number },
): Promise<void> {
  const from = rows[0]?.sequence ?? 0;
  const through = rows.at(-1)?.sequence ?? from;
  const id = refusedBatchId(lane.shard, from);
  await ports.lanes.setAside({ ...keyOf(lane), id, from, through, changes, reason, refusedAt: ports.now() });
  ports.observe.refused(destination, reason);
}

/** The retry is sent before the failure is written: a failure without one would wait for ever. */
async function retryLater({ destination, lane, ports }: Working, { reason }: DeliveryFailure): Promise<undefined> {
  const failures = lane.failures + 1;
  const delay = backoffSeconds(failures, ports.chance());
  ports.observe.failed(destination, reason);
  await ports.queue.send([{ kind: 'lane', ...keyOf(lane), attempt: failures }], delay);
  await ports.lanes.advance(lane, { failures, lastError: reason, letsGo: true });
  return undefined;
}
