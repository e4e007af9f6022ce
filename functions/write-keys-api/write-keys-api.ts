/** `/config/writeKeys`: a key is shown when it is made and never again; what is listed and revoked goes by its id. */
import { createWriteKey, listWriteKeys, revokeWriteKey } from '#shared/api/operations/write-keys.ts';
import { Problem } from '#shared/api/problem.ts';
import { type CreatedWriteKey, WRITE_KEYS_PER_SANDBOX_MAX, type WriteKeyList } from '#shared/api/write-keys.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import { type OperationRequest, operationRouter } from '#shared/lambda/operation-router.ts';
import type { WriteKeys } from './write-keys.ts';

export interface WriteKeyPorts {
  readonly keys: WriteKeys;
  /** A new one, which nobody can guess. */
  readonly newKey: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export const writeKeysApi = (ports: WriteKeyPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listWriteKeys, list],
      [createWriteKey, create],
      [revokeWriteKey, revoke],
    ],
    ports,
    guard,
  );

async function list(
  { sandbox }: OperationRequest<typeof listWriteKeys>,
  { keys }: WriteKeyPorts,
): Promise<HttpResponse> {
  const body: WriteKeyList = { writeKeys: [...(await keys.list(sandbox))] };
  return { status: 200, body };
}

async function create(
  { sandbox, body }: OperationRequest<typeof createWriteKey>,
  { keys, newKey, now }: WriteKeyPorts,
): Promise<HttpResponse> {
  const { name } = body;
  if ((await keys.list(sandbox)).length >= WRITE_KEYS_PER_SANDBOX_MAX) {
    throw new Problem(
      'limit-reached',
      `A sandbox has at most ${WRITE_KEYS_PER_SANDBOX_MAX} write keys: revoke one first.`,
    );
  }
  const writeKey = newKey();
  const created = await keys.create(sandbox, writeKey, { name, createdAt: new Date(now()).toISOString() });
  const answer: CreatedWriteKey = { ...created, writeKey };
  return { status: 201, body: answer, change: { id: created.id, name, after: created } };
}

async function revoke(
  { sandbox, pathParameters }: OperationRequest<typeof revokeWriteKey>,
  { keys }: WriteKeyPorts,
): Promise<HttpResponse> {
  if (await keys.delete(sandbox, pathParameters.id)) return { status: 204, change: { id: pathParameters.id } };
  throw new Problem('not-found', 'This sandbox has no write key of this id.');
}
