import type { Destination } from '#shared/activation/destination.ts';
import { describeRestriction } from '#shared/activation/usage-restrictions.ts';
import { type DestinationDeliveries, destinationEtag, toDestinationResource } from '#shared/api/destinations.ts';
import type {
  getDestination,
  getDestinationDeliveries,
  listDestinations,
} from '#shared/api/operations/destinations.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { readRestrictions } from './check-destination.ts';
import type { DestinationPorts } from './ports.ts';

export const REFUSED_SHOWN_MAX = 100;

export async function requireDestination(
  sandboxName: string,
  id: string,
  { destinations }: Pick<DestinationPorts, 'destinations'>,
): Promise<Destination> {
  const found = await destinations.find(sandboxName, id);
  if (found === undefined) throw new Problem('not-found', 'This sandbox has no destination of this id.');
  return found;
}

export async function listAll(
  { sandbox }: OperationRequest<typeof listDestinations>,
  { destinations }: DestinationPorts,
): Promise<HttpResponse> {
  const children = [...(await destinations.list(sandbox))].sort(
    (left, right) => left.creationTime - right.creationTime,
  );
  return { status: 200, body: { children: children.map(toDestinationResource) } };
}

export async function findDestination(
  { sandbox, pathParameters }: OperationRequest<typeof getDestination>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  const found = await requireDestination(sandbox, pathParameters.id, ports);
  return { status: 200, body: toDestinationResource(found), headers: { etag: destinationEtag(found) } };
}

export async function readDeliveries(
  { sandbox, pathParameters }: OperationRequest<typeof getDestinationDeliveries>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  const destination = await requireDestination(sandbox, pathParameters.id, ports);
  const { lanes, feed } = ports;
  const [standing, refused, restrictions] = await Promise.all([
    lanes.list(sandbox, destination.id),
    lanes.listRefused(sandbox, destination.id, REFUSED_SHOWN_MAX),
    readRestrictions(destination, ports),
  ]);
  const told = standing.map(async (lane) => {
    const { shard, position, failures, delivered, lost, withheld, lastError, lastDeliveredAt } = lane;
    const head = await feed.head(sandbox, shard);
    const last = { ...(lastError !== undefined && { lastError }), ...(lastDeliveredAt && { lastDeliveredAt }) };
    return { shard, position, head, failures, delivered, lost, withheld, ...last };
  });
  const body: DestinationDeliveries = {
    state: destination.state,
    blockedBy: restrictions.map(describeRestriction),
    lanes: await Promise.all(told),
    refused: refused.map(({ sandboxName: _, destinationId: __, ...batch }) => batch),
  };
  return { status: 200, body };
}
