/** `POST /system/resync`: every profile of the sandbox publishes its memberships again, a page of profiles a call. */

import type { startResync } from '#shared/api/operations/system.ts';
import { Problem } from '#shared/api/problem.ts';
import type { ResyncAnswer } from '#shared/api/set-aside.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import type { OperationsPorts, StreamRecord } from './ports.ts';
import { putAll } from './put-back.ts';

type Request = OperationRequest<typeof startResync>;

export async function resync(request: Request, { scan, stream }: OperationsPorts): Promise<HttpResponse> {
  const { after, limit } = request.body;
  const position = after === undefined ? undefined : readCursor(after, request.sandbox);
  const { keys, next } = await scan.page(request.sandbox, position, limit);
  await putAll(keys.map(toRecord), stream);
  const body: ResyncAnswer = {
    profiles: keys.length,
    next: next === undefined ? null : writeCursor(next, request.sandbox),
  };
  return { status: 200, body };
}

const toRecord = (key: ProfileKey): StreamRecord => ({
  partitionKey: key.profileId,
  data: new TextEncoder().encode(wakeUpRecord('resync', key)),
});

const writeCursor = (position: string, sandboxName: string) =>
  Buffer.from(JSON.stringify([sandboxName, position])).toString('base64url');

function readCursor(text: string, sandboxName: string): string {
  const [sandbox, position] = parse(text);
  if (typeof position !== 'string') throw malformed();
  if (sandbox !== sandboxName) throw new Problem('invalid-request', 'The cursor is of another sandbox.');
  return position;
}

function parse(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed();
    throw error;
  }
}

const malformed = () => new Problem('invalid-request', 'after is no cursor: use the "next" of an earlier answer.');
