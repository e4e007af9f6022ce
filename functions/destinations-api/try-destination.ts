/** Sends something on purpose: a test event, or once more what was turned away. */
import { testEvent } from '#shared/activation/change-event.ts';
import type { redriveDestination, testDestination } from '#shared/api/operations/destinations.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { DestinationPorts } from './ports.ts';
import { REFUSED_SHOWN_MAX, requireDestination } from './read-destinations.ts';

export async function test(
  { sandbox, pathParameters }: OperationRequest<typeof testDestination>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  const destination = await requireDestination(sandbox, pathParameters.id, ports);
  const madeAt = ports.now();
  const batchId = `test-${ports.newId()}`;
  const events = [testEvent(sandbox, destination.id, batchId, new Date(madeAt).toISOString())];
  const result = await ports.deliver({ destination, events, batchId, madeAt });
  const milliseconds = Math.max(0, Math.round(ports.now() - madeAt));
  const body = result.ok
    ? { delivered: true, ...result.value, milliseconds }
    : { delivered: false, reason: result.error.reason, milliseconds };
  return { status: 200, body, change: { id: destination.id, name: destination.name } };
}

export async function redrive(
  { sandbox, pathParameters, body }: OperationRequest<typeof redriveDestination>,
  ports: DestinationPorts,
): Promise<HttpResponse> {
  const { id, name } = await requireDestination(sandbox, pathParameters.id, ports);
  const found = await ports.lanes.listRefused(sandbox, id, REFUSED_SHOWN_MAX + 1);
  const named = body.batchIds ?? found.slice(0, REFUSED_SHOWN_MAX).map((batch) => batch.id);
  const known = await Promise.all(named.map((batchId) => ports.lanes.findRefused(sandbox, id, batchId)));
  const missing = named.find((_, index) => known[index] === undefined);
  if (missing !== undefined) throw new Problem('not-found', `Nothing that was set aside has the id ${missing}.`);
  const again = named.map((batchId) => ({
    ...{ kind: 'refused' as const, sandboxName: sandbox, destinationId: id },
    ...{ batchId, attempt: 0 },
  }));
  await ports.queue.send(again);
  const hasMore = body.batchIds === undefined && found.length > REFUSED_SHOWN_MAX;
  return { status: 202, body: { batches: named.length, hasMore }, change: { id, name } };
}
