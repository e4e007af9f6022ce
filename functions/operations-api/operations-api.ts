/** `/system/…`: which behaviour answers which route, and who may call it. */
import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import { listFailed, redriveFailed } from './failed-batches.ts';
import { listParkedProfiles, redriveParkedProfile } from './parked.ts';
import type { OperationsPorts } from './ports.ts';
import { listQuarantined, redriveQuarantined } from './quarantine.ts';
import { resync } from './resync.ts';

interface Operation {
  readonly roles: readonly string[];
  readonly run: (request: HttpRequest, ports: OperationsPorts) => Promise<HttpResponse>;
}

/** One sandbox is touched, the request's. */
const OPERATORS = ['operator', 'admin'] as const;
/** Records that could not be read, or failed as a batch, may be of any sandbox. */
const ADMINS = ['admin'] as const;

const BASE = '/data/core/ups/system';

const ROUTES: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [`GET ${BASE}/parked`, { roles: OPERATORS, run: listParkedProfiles }],
  [`POST ${BASE}/parked/{profileId}/redrive`, { roles: OPERATORS, run: redriveParkedProfile }],
  [`POST ${BASE}/resync`, { roles: OPERATORS, run: resync }],
  [`GET ${BASE}/quarantine`, { roles: ADMINS, run: listQuarantined }],
  [`POST ${BASE}/quarantine/redrive`, { roles: ADMINS, run: redriveQuarantined }],
  [`GET ${BASE}/failed-batches`, { roles: ADMINS, run: listFailed }],
  [`POST ${BASE}/failed-batches/redrive`, { roles: ADMINS, run: redriveFailed }],
]);

export async function operationsApi(request: HttpRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const operation = ROUTES.get(request.routeKey);
  if (operation === undefined) throw new Problem('not-found', `Nothing answers ${request.routeKey}.`);
  const { roles, run } = operation;
  if (!roles.some((role) => request.roles.includes(role))) {
    throw new Problem('role-forbidden', `This needs the role ${roles.join(' or ')}.`);
  }
  return run(request, ports);
}
