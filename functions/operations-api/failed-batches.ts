/** `/system/failed-batches`: what a mapping gave up, and another try once the cause is gone. */

import type { listFailedBatches, redriveFailedBatches } from '#shared/api/operations/system.ts';
import type { FailedBatchList, RedriveAnswer } from '#shared/api/set-aside.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { FailedBatch } from '#shared/profile/set-aside.ts';
import { readInvocationRecord } from './invocation-record.ts';
import type { OperationsPorts } from './ports.ts';
import { putAll } from './put-back.ts';

type ListRequest = OperationRequest<typeof listFailedBatches>;
type RedriveRequest = OperationRequest<typeof redriveFailedBatches>;

export async function listFailed({ query }: ListRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const { entries, next = null } = await ports.failedBatches.list(query);
  const body: FailedBatchList = { batches: entries.map(view), next };
  return { status: 200, body };
}

function view({ id, text }: FailedBatch): FailedBatchList['batches'][number] {
  const read = readInvocationRecord(text);
  if (!read.ok) return { id, holds: 'unreadable', records: 0, condition: read.error };
  const { holds, records, condition, failedAt } = read.value;
  return { id, holds, records: records.length, condition, failedAt };
}

export async function redriveFailed({ body: { ids } }: RedriveRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const results: RedriveAnswer['results'] = [];
  for (const id of new Set(ids)) results.push(await redrive(id, ports));
  return { status: 200, body: { results } satisfies RedriveAnswer };
}

async function redrive(
  id: string,
  { failedBatches, stream }: OperationsPorts,
): Promise<RedriveAnswer['results'][number]> {
  const batch = await failedBatches.find(id);
  if (batch === undefined) return { id, status: 404, records: 0 };
  const read = readInvocationRecord(batch.text);
  if (!read.ok) return { id, status: 422, records: 0, reason: read.error };
  const { records } = read.value;
  await putAll(records, stream);
  await failedBatches.remove(id);
  return { id, status: 202, records: records.length };
}
