/** `/v1/…`: calls by the Segment specification, answered as it says, into the stream by the same writer as `POST /events`. */
import { createHash } from 'node:crypto';
import { Problem, problemBody } from '#shared/api/problem.ts';
import { groupLines, partitionKeyOf, type StreamLine, toStreamRecord } from '#shared/aws/stream-records.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { HttpResponse, OpenRequest } from '#shared/lambda/http-middleware.ts';
import { readStreamRecord } from '#shared/profile/stream-record.ts';
import { CALL_BYTES_MAX, CALL_TYPES, type CallType, type Envelope, readCall } from './call.ts';
import { mapCall } from './map-call.ts';
import type { TrackPorts } from './ports.ts';
import { isObject, type JsonObject, readBody, writeKeyOf } from './read-body.ts';

export const BATCH_BYTES_MAX = 500 * 1024;
export const CALLS_PER_BATCH_MAX = 2_500;

/** `undefined`: many calls, each with its own type. `import` is what the batch was called for history. */
const ROUTES: ReadonlyMap<string, CallType | undefined> = new Map<string, CallType | undefined>([
  ['POST /v1/batch', undefined],
  ['POST /v1/import', undefined],
  ...CALL_TYPES.map((type) => [`POST /v1/${type}`, type] as const),
]);

export async function trackApi(request: OpenRequest, ports: TrackPorts): Promise<HttpResponse> {
  const { routeKey } = request;
  if (!ROUTES.has(routeKey)) throw new Problem('not-found', `Nothing answers ${routeKey}.`);
  const type = ROUTES.get(routeKey);
  const bytesMax = type === undefined ? BATCH_BYTES_MAX : CALL_BYTES_MAX;
  // With a header the key is asked for before the body is looked at.
  const hasHeader = request.headers.authorization !== undefined;
  const early = hasHeader ? undefined : readBody(request, bytesMax);
  const sandbox = await sandboxOf(
    writeKeyOf(request, () => early?.writeKey),
    ports,
  );
  if (sandbox === undefined) return unauthorized(request);
  const body = early ?? readBody(request, bytesMax);
  const calls = type === undefined ? callsOf(body) : [body];
  const read = readCalls(calls, { request, body, type, sandbox, receivedAt: ports.now() });
  await write(
    read.flatMap((result) => (result.ok ? result.value : [])),
    ports,
  );
  return answer(calls, read, ports);
}

const sandboxOf = async (writeKey: string | undefined, { keys }: TrackPorts) =>
  writeKey === undefined ? undefined : keys.find(writeKey);

function unauthorized({ requestId }: OpenRequest): HttpResponse {
  const problem = new Problem(
    'unauthorized',
    'Send a write key of this service: as user name of basic authentication with an empty password, or as writeKey in the body.',
  );
  const headers = { 'www-authenticate': 'Basic realm="write key"', 'content-type': 'application/problem+json' };
  return { status: 401, headers, body: { success: false, ...problemBody(problem, requestId) } };
}

function callsOf({ batch }: JsonObject): readonly unknown[] {
  if (!Array.isArray(batch)) throw new Problem('invalid-request', 'batch is missing or no list.');
  if (batch.length > CALLS_PER_BATCH_MAX) {
    throw new Problem('invalid-request', `Send at most ${CALLS_PER_BATCH_MAX} calls a batch, not ${batch.length}.`);
  }
  return batch;
}

interface Origin {
  readonly request: OpenRequest;
  readonly body: JsonObject;
  readonly type: CallType | undefined;
  readonly sandbox: SandboxName;
  readonly receivedAt: number;
}

type Read = Result<readonly StreamLine[], string>;

function readCalls(calls: readonly unknown[], origin: Origin): readonly Read[] {
  const { request, body, type, sandbox, receivedAt } = origin;
  const context = type === undefined && isObject(body.context) ? body.context : {};
  return calls.map((input, index) => {
    const newId = (call: JsonObject) => idFor(call, index, body.sentAt, request.requestId);
    const envelope: Envelope = { type, sentAt: body.sentAt, receivedAt, context, newId };
    const call = readCall(input, envelope);
    return call.ok ? toLines(mapCall(call.value), sandbox, receivedAt) : call;
  });
}

/** A call that says when it was made is the same event when it is sent again, also without an id. */
function idFor(call: JsonObject, index: number, sentAt: unknown, requestId: string): string {
  const isDated = (call.timestamp ?? call.sentAt ?? sentAt ?? undefined) !== undefined;
  if (!isDated) return `${requestId}#${index}`;
  return createHash('sha256')
    .update(JSON.stringify([call, index, sentAt]))
    .digest('base64url');
}

/** Held to exactly what the stream's reader will hold it to, so that nothing accepted here is quarantined there. */
function toLines(items: readonly JsonObject[], sandboxName: SandboxName, receivedAt: number): Read {
  const lines: StreamLine[] = [];
  for (const item of items) {
    const line = JSON.stringify({ sandboxName, ...item });
    const [read] = readStreamRecord(new TextEncoder().encode(line), receivedAt);
    if (read === undefined || read.kind === 'reject' || read.kind === 'wake-up') {
      return fail(read?.kind === 'reject' ? read.reason : 'nothing to read');
    }
    lines.push({ line, partitionKey: partitionKeyOf(sandboxName, read.identities, 0) });
  }
  return ok(lines);
}

async function write(lines: readonly StreamLine[], { writer }: TrackPorts): Promise<void> {
  if (lines.length === 0) return;
  const taken = await writer.write(groupLines(lines).map(toStreamRecord));
  if (taken.every((isTaken) => isTaken)) return;
  // Clients send the whole again; what was taken already is known by its id.
  throw new Problem('unavailable', 'The stream has no room at the moment: send the same again.');
}

/** One bad call of a batch costs itself only, as the specification has it: 200, with what was refused and why. */
function answer(calls: readonly unknown[], read: readonly Read[], { logger }: TrackPorts): HttpResponse {
  const rejected = read.flatMap((result, index) => (result.ok ? [] : [refusal(calls[index], index, result.error)]));
  if (rejected.length === 0) return { status: 200, body: { success: true } };
  logger.warn('calls refused', { refused: rejected.length, of: calls.length });
  if (rejected.length < calls.length) return { status: 200, body: { success: true, rejected } };
  const mistakes = rejected.map(({ index, reason }) => ({ pointer: `/batch/${index}`, message: reason }));
  const [only] = rejected;
  if (calls.length === 1 && only) throw new Problem('invalid-request', `The call is not taken: ${only.reason}.`);
  throw new Problem('invalid-request', `None of the ${calls.length} calls is taken.`, { mistakes });
}

function refusal(input: unknown, index: number, reason: string) {
  const messageId = isObject(input) && typeof input.messageId === 'string' ? input.messageId.slice(0, 256) : undefined;
  return { index, ...(messageId === undefined ? {} : { messageId }), reason };
}
