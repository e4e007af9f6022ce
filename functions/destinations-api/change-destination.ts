/** Destinations are made, changed, paused and taken away. What is stored may be told all that it asks for. */
import {
  DESTINATIONS_PER_SANDBOX_MAX,
  type DecidedBy,
  type Destination,
  type DestinationTarget,
} from '#shared/activation/destination.ts';
import { destinationEtag, type PatchDestination, toDestinationResource } from '#shared/api/destinations.ts';
import type {
  createDestination,
  deleteDestination,
  patchDestination,
  rotateDestinationSecret,
} from '#shared/api/operations/destinations.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { checkDestination } from './check-destination.ts';
import type { DestinationPorts } from './ports.ts';
import { requireDestination } from './read-destinations.ts';
import { withNewKey } from './signing-keys.ts';

export async function create(
  { sandbox, body }: OperationRequest<typeof createDestination>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  const { deliverFrom, ...asked } = body;
  const now = ports.now();
  const own = { id: ports.newId(), sandboxName: sandbox, version: 1, creationTime: now, updateTime: now };
  const unsigned = written({ ...asked, ...own, signingKeys: [] });
  const decidedBy = await decide(unsigned, ports);
  const keys = unsigned.target.kind === 'webhook' ? await withNewKey(unsigned, ports) : undefined;
  const destination = { ...unsigned, signingKeys: keys?.signingKeys ?? [] };
  await beginLanes(destination, deliverFrom, ports);
  try {
    await putNew(destination, decidedBy, ports);
  } catch (error) {
    await ports.lanes.removeAll(sandbox, destination.id);
    throw error;
  }
  await wake(destination, ports);
  const resource = toDestinationResource(destination);
  return {
    status: 201,
    body: { ...resource, ...(keys && { signingSecret: keys.signingSecret }) },
    headers: { etag: destinationEtag(destination) },
    change: { id: destination.id, name: destination.name, after: resource },
  };
}

const ATTEMPTS_MAX = 8;

/** Decides anew as often as somebody else changes what it was decided by. */
async function putNew(destination: Destination, first: DecidedBy, ports: DestinationPorts): Promise<void> {
  let decidedBy = first;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    if (await ports.destinations.put(undefined, destination, decidedBy)) return;
    decidedBy = await decide(destination, ports);
  }
  throw new Problem('unavailable', 'Too many changes at once; nothing was changed. Try again.');
}

/** Refuses what may not be, and says what that rests on. */
async function decide(destination: Destination, ports: DestinationPorts): Promise<DecidedBy> {
  const { destinations, revision } = await ports.destinations.standing(destination.sandboxName);
  requireRoom(destination, destinations);
  return { revision, rulesVersion: await checkDestination(destination, ports) };
}

const raced = () => new Problem('conflict', 'Somebody else changed the destination just now: read it again.');

const written = (fields: { readonly [Key in keyof Destination]: Destination[Key] | undefined }): Destination =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as Destination;

function requireRoom({ id, name }: Destination, destinations: readonly Destination[]): void {
  const others = destinations.filter((other) => other.id !== id);
  if (others.some((other) => other.name === name)) {
    throw new Problem('name-in-use', `Another destination of this sandbox is named “${name}”.`);
  }
  if (others.length >= DESTINATIONS_PER_SANDBOX_MAX) {
    throw new Problem('limit-reached', `A sandbox has at most ${DESTINATIONS_PER_SANDBOX_MAX} destinations.`);
  }
}

/** Before the destination is there: nobody may deliver from a place that was not chosen. */
async function beginLanes(
  { sandboxName, id: destinationId }: Destination,
  from: 'now' | 'oldest',
  { lanes, feed, feedShards }: DestinationPorts,
): Promise<void> {
  const sandbox = sandboxName as SandboxName;
  const shards = Array.from({ length: feedShards }, (_, shard) => shard);
  const begin = async (shard: number) => {
    const [oldest] = from === 'oldest' ? await feed.read({ sandboxName: sandbox, shard, after: 0 }, 1) : [];
    const position = oldest === undefined ? await feed.head(sandbox, shard) : oldest.sequence - 1;
    await lanes.begin({ sandboxName, destinationId, shard }, position);
  };
  await Promise.all(shards.map(begin));
}

/** What was published while it was made, changed or paused. */
async function wake({ sandboxName, id, state }: Destination, { lanes, queue, feedShards }: DestinationPorts) {
  if (state === 'paused') return;
  const keys = Array.from({ length: feedShards }, (_, shard) => ({ sandboxName, destinationId: id, shard }));
  await Promise.all(keys.map((key) => lanes.forgive(key)));
  await queue.send(keys.map((key) => ({ kind: 'lane' as const, ...key, attempt: 0 })));
}

export async function change(
  request: OperationRequest<typeof patchDestination>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const changed = await changeOnce(request, ports);
    if (changed !== undefined) return changed;
  }
  throw raced();
}

/** Undefined where somebody else was faster. */
async function changeOnce(
  { sandbox, pathParameters, headers, body }: OperationRequest<typeof patchDestination>,
  ports: DestinationPorts,
): Promise<HttpResponse | undefined> {
  const before = await requireDestination(sandbox, pathParameters.id, ports);
  requireEntityTag(headers, destinationEtag(before), 'destination');
  const after = changed(before, body, ports.now());
  requireSameKind(before.target, after.target);
  // One that is only paused may be so even though it has become forbidden.
  const isOnlyPaused = after.state !== 'active' && Object.keys(body).every((field) => field === 'state');
  const decidedBy = isOnlyPaused ? undefined : await decide(after, ports);
  if (!(await ports.destinations.put(before, after, decidedBy))) return undefined;
  await wake(after, ports);
  return {
    status: 200,
    body: toDestinationResource(after),
    headers: { etag: destinationEtag(after) },
    change: { id: after.id, name: after.name, ...differing(before, after) },
  };
}

const differing = (before: Destination, after: Destination) => ({
  before: toDestinationResource(before),
  after: toDestinationResource(after),
});

function changed(before: Destination, patch: PatchDestination, updateTime: number): Destination {
  const sent = Object.entries(patch).filter(([, value]) => value !== undefined);
  const merged = { ...before, ...Object.fromEntries(sent), version: before.version + 1, updateTime };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as unknown as Destination;
}

function requireSameKind(before: DestinationTarget, after: DestinationTarget): void {
  if (before.kind === after.kind) return;
  const message = `is ${after.kind}, and the destination is of kind ${before.kind}: create another one`;
  throw new Problem('invalid-request', 'The kind of a destination can’t be changed.', {
    mistakes: [{ pointer: '/target/kind', message }],
  });
}

export async function remove(
  { sandbox, pathParameters, headers }: OperationRequest<typeof deleteDestination>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  const before = await requireDestination(sandbox, pathParameters.id, ports);
  requireEntityTag(headers, destinationEtag(before), 'destination');
  if (!(await ports.destinations.remove(before))) throw raced();
  await ports.lanes.removeAll(sandbox, before.id);
  return { status: 204, change: { id: before.id, name: before.name, before: toDestinationResource(before) } };
}

export async function rotateSecret(
  { sandbox, pathParameters }: OperationRequest<typeof rotateDestinationSecret>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  const before = await requireDestination(sandbox, pathParameters.id, ports);
  if (before.target.kind !== 'webhook') {
    throw new Problem('conflict', 'Only what goes to a webhook is signed.');
  }
  const { signingKeys, signingSecret } = await withNewKey(before, ports);
  const after = { ...before, signingKeys, version: before.version + 1, updateTime: ports.now() };
  if (!(await ports.destinations.put(before, after))) throw raced();
  return {
    status: 201,
    body: { ...toDestinationResource(after), signingSecret },
    headers: { etag: destinationEtag(after) },
    change: { id: after.id, name: after.name, ...differing(before, after) },
  };
}
