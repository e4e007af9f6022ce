/**
 * `POST /events`: up to 500 events or profile records, each answered for itself. They go into the stream as they came;
 * those of one primary identity travel in one record, which is cheaper to process.
 */
import { type CollectedEvents, EVENTS_PER_CALL_MAX, type EventAnswer } from '#shared/api/events.ts';
import { collectEvents as operation } from '#shared/api/operations/events.ts';
import { Problem } from '#shared/api/problem.ts';
import { groupLines, partitionKeyOf, type StreamLine, toStreamRecord } from '#shared/aws/stream-records.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import { type OperationRequest, operationRouter } from '#shared/lambda/operation-router.ts';
import { readStreamRecord } from '#shared/profile/stream-record.ts';
import type { EventWriter } from './event-writer.ts';

export interface CollectPorts {
  readonly writer: EventWriter;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Accepted extends StreamLine {
  readonly index: number;
}

export const collectEvents = (ports: CollectPorts) => operationRouter([[operation, collect]], ports);

async function collect(request: OperationRequest<typeof operation>, ports: CollectPorts): Promise<HttpResponse> {
  const items: readonly unknown[] = Array.isArray(request.body) ? request.body : [request.body];
  if (items.length === 0 || items.length > EVENTS_PER_CALL_MAX) {
    throw new Problem('invalid-request', `Send 1 to ${EVENTS_PER_CALL_MAX} events a call, not ${items.length}.`);
  }
  const read = items.map((item, index) => readItem(item, index, request.sandbox, ports.now()));
  const refused = read.filter((item) => 'reason' in item);
  const unwritten = await write(
    read.filter((item) => 'line' in item),
    ports,
  );
  const results = answer(items, [...refused, ...unwritten]);
  const rejected = results.filter(({ status }) => status !== 202).length;
  const body: CollectedEvents = { accepted: items.length - rejected, rejected, results };
  return { status: rejected === 0 ? 202 : 207, body };
}

type Refused = { readonly index: number; readonly status: EventAnswer['status']; readonly reason: string };

/** Held to exactly what the stream's reader will hold it to, so that nothing accepted here is quarantined there. */
function readItem(item: unknown, index: number, sandbox: SandboxName, now: number): Accepted | Refused {
  const named = (item as { sandboxName?: unknown } | null)?.sandboxName;
  if (named !== undefined && named !== sandbox) {
    return { index, status: 403, reason: 'sandboxName differs from the sandbox of the request' };
  }
  const isObject = item !== null && typeof item === 'object' && !Array.isArray(item);
  const line = JSON.stringify(isObject ? { ...item, sandboxName: sandbox } : item);
  const [read] = readStreamRecord(new TextEncoder().encode(isObject ? line : `[${line}]`), now);
  if (read === undefined || read.kind === 'reject') {
    return { index, status: 400, reason: read?.reason ?? 'nothing to read' };
  }
  if (read.kind === 'wake-up') return { index, status: 400, reason: 'recordType is neither event nor profile' };
  return { index, line, partitionKey: partitionKeyOf(sandbox, read.identities, index) };
}

async function write(accepted: readonly Accepted[], { writer }: CollectPorts): Promise<readonly Refused[]> {
  if (accepted.length === 0) return [];
  const groups = groupLines(accepted);
  const taken = await writer.write(groups.map(toStreamRecord));
  const reason = 'the stream has no room at the moment: send this event again';
  return groups
    .filter((_, position) => taken[position] !== true)
    .flat()
    .map(({ index }) => ({ index, status: 503, reason }));
}

function answer(items: readonly unknown[], refused: readonly Refused[]): EventAnswer[] {
  const reasons = new Map(refused.map((refusal) => [refusal.index, refusal]));
  return items.map((item, index) => {
    const id = (item as { _id?: unknown } | null)?._id;
    const known = typeof id === 'string' ? { _id: id.slice(0, 256) } : {};
    const refusal = reasons.get(index);
    return refusal === undefined
      ? { ...known, status: 202 }
      : { ...known, status: refusal.status, reason: refusal.reason };
  });
}
