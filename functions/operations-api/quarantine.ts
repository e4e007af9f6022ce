/** `/system/quarantine`: records that were no events, and another try after a fix. */

import type { listQuarantine, redriveQuarantine } from '#shared/api/operations/system.ts';
import type { QuarantineList, RedriveAnswer } from '#shared/api/set-aside.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { RejectedRecord } from '#shared/profile/profile-store.ts';
import type { OperationsPorts } from './ports.ts';
import { putAll } from './put-back.ts';

const SHOWN_CHARACTERS = 2_000;
/** What the stream takes at most, with its partition key. */
const RECORD_BYTES_MAX = 1024 * 1024 - 256;
const PARTITION_KEY_MAX = 256;

type ListRequest = OperationRequest<typeof listQuarantine>;
type RedriveRequest = OperationRequest<typeof redriveQuarantine>;

export async function listQuarantined({ query }: ListRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const { day = new Date(ports.now()).toISOString().slice(0, 10), ...page } = query;
  const { entries, next = null } = await ports.rejected.ofDay(day, page);
  const body: QuarantineList = { records: entries.map(view), next };
  return { status: 200, body };
}

const view = ({ id, reason, arrival, text }: RejectedRecord): QuarantineList['records'][number] => ({
  id,
  reason,
  arrivedAt: new Date(arrival).toISOString(),
  record: text.slice(0, SHOWN_CHARACTERS),
  characters: text.length,
});

export async function redriveQuarantined(
  { body: { ids } }: RedriveRequest,
  ports: OperationsPorts,
): Promise<HttpResponse> {
  const results: RedriveAnswer['results'] = [];
  for (const id of new Set(ids)) results.push(await redrive(id, ports));
  return { status: 200, body: { results } satisfies RedriveAnswer };
}

async function redrive(id: string, { rejected, stream }: OperationsPorts): Promise<RedriveAnswer['results'][number]> {
  const record = await rejected.find(id);
  if (record === undefined) return { id, status: 404, records: 0 };
  const data = new TextEncoder().encode(record.text);
  if (data.length > RECORD_BYTES_MAX || data.length === 0) {
    return { id, status: 422, records: 0, reason: `the stream takes no record of ${data.length} bytes` };
  }
  await putAll([{ partitionKey: id.slice(-PARTITION_KEY_MAX), data }], stream);
  await rejected.remove(id);
  return { id, status: 202, records: 1 };
}
