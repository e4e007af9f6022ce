/** `/system/failed-batches`: what a mapping gave up, and another try once the cause is gone. */
import {
  type FailedBatchList,
  listFailedBatches,
  type RedriveAnswer,
  redriveFailedBatches,
} from '#shared/api/operations.ts';
import { parseBody, parseQuery } from '#shared/api/parse-request.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { FailedBatch } from '#shared/profile/set-aside.ts';
import { readInvocationRecord } from './invocation-record.ts';
import type { OperationsPorts } from './ports.ts';
import { putAll } from './put-back.ts';

export async function listFailed(request: HttpRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const page = parseQuery(listFailedBatches, request.query);
  const { entries, next = null } = await ports.failedBatches.list(page);
  const body: FailedBatchList = { batches: entries.map(view), next };
  return { status: 200, body };
}

function view({ id, text }: FailedBatch): FailedBatchList['batches'][number] {
  const read = readInvocationRecord(text);
  if (!read.ok) return { id, holds: 'unreadable', records: 0, condition: read.error };
  const { holds, records, condition, failedAt } = read.value;
  return { id, holds, records: records.length, condition, failedAt };
}

export async function redriveFailed(request: HttpRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const { ids } = parseBody(redriveFailedBatches, request.body);
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
