/**
 * What stands around every change of settings: the audit trail, and `Idempotency-Key`.
 *
 *   key known? ── answer as the first time
 *      │ no
 *   audit event, outcome unknown ── behaviour ── audit event, with outcome and difference ── answer kept for the key
 */
import { createHash } from 'node:crypto';
import type { AuditEvent, AuditTrail } from '#shared/api/audit.ts';
import { differencesOf } from '#shared/api/difference.ts';
import type { IdempotencyKeys, KeptAnswer } from '#shared/api/idempotency.ts';
import { type Operation, takesIdempotencyKey } from '#shared/api/operation.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest, HttpResponse } from './http-middleware.ts';

export interface ChangeGuard {
  readonly audit: Pick<AuditTrail, 'write'>;
  readonly keys: IdempotencyKeys;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** No function of the API works longer than this: whoever has a key for longer has ended without a word. */
const WORK_MS_MAX = 60_000;
const ANSWER_KEPT_MS = 86_400_000;
const ANSWER_LENGTH_MAX = 200_000;
const KEY = /^[\x20-\x7e]{1,255}$/;

type Run = () => Promise<HttpResponse>;

export async function guardChange(
  operation: Operation,
  request: HttpRequest,
  guard: ChangeGuard,
  run: Run,
): Promise<HttpResponse> {
  const audited = () => audit(operation, request, guard, run);
  const key = takesIdempotencyKey(operation) ? request.headers['idempotency-key'] : undefined;
  return key === undefined ? audited() : once(key, { operation, request, guard }, audited);
}

async function audit(operation: Operation, request: HttpRequest, guard: ChangeGuard, run: Run): Promise<HttpResponse> {
  const event: AuditEvent = {
    id: guard.newId(),
    time: new Date(guard.now()).toISOString(),
    subject: request.subject,
    operation: operation.id,
    parameters: request.pathParameters as Record<string, string>,
    requestId: request.requestId,
    status: null,
  };
  await guard.audit.write(request.sandbox, event);
  try {
    const { change, ...response } = await run();
    const done = { ...event, status: response.status, ...described(change) };
    await guard.audit.write(request.sandbox, done);
    return response;
  } catch (error) {
    // Whether something was changed is known only where the behaviour itself refused.
    if (error instanceof Problem) await guard.audit.write(request.sandbox, { ...event, status: error.status });
    throw error;
  }
}

function described(change: HttpResponse['change']): Partial<AuditEvent> {
  if (change === undefined) return {};
  const { id, name, note, before, after } = change;
  return {
    target: { id, ...(name === undefined ? {} : { name }) },
    differences: differencesOf(before, after),
    ...(note === undefined ? {} : { note }),
  };
}

interface Keyed {
  readonly operation: Operation;
  readonly request: HttpRequest;
  readonly guard: ChangeGuard;
}

async function once(sent: string, { operation, request, guard }: Keyed, run: Run): Promise<HttpResponse> {
  if (!KEY.test(sent)) throw new Problem('invalid-request', 'Idempotency-Key has 1 to 255 printable ASCII characters.');
  const { sandbox, subject, pathParameters, query, body } = request;
  const key = digestOf([operation.id, subject, sent]);
  const digest = digestOf([pathParameters, query, body]);
  const first = await guard.keys.begin(sandbox, key, digest, guard.now() + WORK_MS_MAX);
  if (first.kind === 'known') return repeated(first);
  try {
    const response = await run();
    const answer = kept(operation, response);
    await guard.keys.finish(sandbox, key, digest, answer, guard.now() + ANSWER_KEPT_MS);
    return response;
  } catch (error) {
    if (error instanceof Problem) await guard.keys.forget(sandbox, key);
    throw error;
  }

  function repeated({ digest: known, answer }: { readonly digest: string; readonly answer?: KeptAnswer }) {
    if (known !== digest) {
      throw new Problem(
        'idempotency-key-reused',
        'This Idempotency-Key came with another request before: use a new key for each.',
      );
    }
    if (answer === undefined) {
      throw new Problem('conflict', 'The first request with this Idempotency-Key is still being worked on.');
    }
    return replay(answer);
  }
}

function kept({ secretAnswer }: Operation, { status, headers = {}, body }: HttpResponse): KeptAnswer {
  const text = JSON.stringify(body) ?? '';
  return { status, headers, ...(secretAnswer || text.length > ANSWER_LENGTH_MAX ? {} : { body: text }) };
}

function replay({ status, headers, body }: KeptAnswer): HttpResponse {
  if (body === undefined) {
    throw new Problem('conflict', 'This was done when the key first came; what was answered then is not kept.');
  }
  return {
    status,
    headers: { ...headers, 'idempotency-replayed': 'true' },
    ...(body === '' ? {} : { body: JSON.parse(body) }),
  };
}

const digestOf = (parts: readonly unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
