/** `/config/writeKeys`: a key is shown when it is made and never again; what is listed and revoked goes by its id. */
import { parseBody } from '#shared/api/parse-request.ts';
import { Problem } from '#shared/api/problem.ts';
import {
  type CreatedWriteKey,
  createWriteKey,
  WRITE_KEYS_PER_SANDBOX_MAX,
  type WriteKeyList,
} from '#shared/api/write-keys.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { WriteKeys } from './write-keys.ts';

export interface WriteKeyPorts {
  readonly keys: WriteKeys;
  /** A new one, which nobody can guess. */
  readonly newKey: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type Behaviour = (request: HttpRequest, ports: WriteKeyPorts) => Promise<HttpResponse>;

const BASE = '/data/core/ups/config/writeKeys';
const ROLES = ['operator', 'admin'] as const;

const ROUTES: ReadonlyMap<string, Behaviour> = new Map([
  [`GET ${BASE}`, list],
  [`POST ${BASE}`, create],
  [`DELETE ${BASE}/{id}`, revoke],
]);

export async function writeKeysApi(request: HttpRequest, ports: WriteKeyPorts): Promise<HttpResponse> {
  const behaviour = ROUTES.get(request.routeKey);
  if (behaviour === undefined) throw new Problem('not-found', `Nothing answers ${request.routeKey}.`);
  if (!ROLES.some((role) => request.roles.includes(role))) {
    throw new Problem('role-forbidden', `This needs the role ${ROLES.join(' or ')}.`);
  }
  return behaviour(request, ports);
}

async function list({ sandbox }: HttpRequest, { keys }: WriteKeyPorts): Promise<HttpResponse> {
  const body: WriteKeyList = { writeKeys: [...(await keys.list(sandbox))] };
  return { status: 200, body };
}

async function create({ sandbox, body }: HttpRequest, { keys, newKey, now }: WriteKeyPorts): Promise<HttpResponse> {
  const { name } = parseBody(createWriteKey, body);
  if ((await keys.list(sandbox)).length >= WRITE_KEYS_PER_SANDBOX_MAX) {
    throw new Problem(
      'limit-reached',
      `A sandbox has at most ${WRITE_KEYS_PER_SANDBOX_MAX} write keys: revoke one first.`,
    );
  }
  const writeKey = newKey();
  const created = await keys.create(sandbox, writeKey, { name, createdAt: new Date(now()).toISOString() });
  const answer: CreatedWriteKey = { ...created, writeKey };
  return { status: 201, body: answer };
}

async function revoke({ sandbox, pathParameters }: HttpRequest, { keys }: WriteKeyPorts): Promise<HttpResponse> {
  if (await keys.delete(sandbox, pathParameters.id ?? '')) return { status: 204 };
  throw new Problem('not-found', 'This sandbox has no write key of this id.');
}
