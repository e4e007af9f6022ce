/** From a request to the behaviour of its operation: looks the route up, asks for the role, parses query and body. */
import * as z from 'zod';
import {
  type BodyOf,
  effectOf,
  type Operation,
  type PathParameters,
  type QueryOf,
  ROLES,
  type Role,
  routeKeyOf,
} from '#shared/api/operation.ts';
import { parseBody, parseQuery } from '#shared/api/parse-request.ts';
import { Problem } from '#shared/api/problem.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import { type ChangeGuard, guardChange } from './change-guard.ts';
import type { HttpRequest, HttpResponse } from './http-middleware.ts';
import { holdsHalfCharacters } from './json-body.ts';

/** A request that was held to what its operation declares. */
export type OperationRequest<Declared extends Operation> = Omit<HttpRequest, 'query' | 'body' | 'pathParameters'> & {
  readonly pathParameters: PathParameters<Declared['path']>;
  readonly query: QueryOf<Declared>;
  readonly body: BodyOf<Declared>;
};

export type Behaviour<Declared extends Operation, Ports> = (
  request: OperationRequest<Declared>,
  ports: Ports,
) => Promise<HttpResponse>;

type Routes<Operations extends readonly Operation[], Ports> = {
  readonly [Index in keyof Operations]: readonly [Operations[Index], Behaviour<Operations[Index], Ports>];
};

type AnyBehaviour = (request: never, ports: never) => Promise<HttpResponse>;

export function operationRouter<const Operations extends readonly Operation[], Ports>(
  routes: Routes<Operations, Ports>,
  ports: Ports,
  guard?: ChangeGuard,
): (request: HttpRequest) => Promise<HttpResponse> {
  const declared = routes as readonly (readonly [Operation, AnyBehaviour])[];
  const guards = (operation: Operation) => (isGuarded(operation) ? requireGuard(operation, guard) : undefined);
  for (const [operation] of declared) guards(operation);
  const byRoute = new Map(declared.map((route) => [routeKeyOf(route[0]), route]));
  return async (request) => {
    const route = byRoute.get(request.routeKey);
    if (route === undefined) throw new Problem('not-found', `Nothing answers ${request.routeKey}.`);
    const [operation, behaviour] = route;
    requireShortAddress(request);
    requireRole(operation.roles, request.roles);
    requireScope(operation, request.scopes);
    // What was parsed is what the behaviour's type says: both come from the operation.
    const parsed = parse(operation, request);
    const run = () => behaviour(parsed as never, ports as never);
    const standing = guards(operation);
    return standing === undefined ? run() : guardChange(operation, request, standing, run);
  };
}

/** Keys of tables and buckets hold about a thousand bytes; no id that was ever given comes near it. */
const PATH_PARAMETER_MAX = 256;

function requireShortAddress({ pathParameters }: HttpRequest): void {
  const isShort = Object.values(pathParameters).every((value) => (value ?? '').length <= PATH_PARAMETER_MAX);
  if (!isShort) throw new Problem('not-found', `Nothing has an id of more than ${PATH_PARAMETER_MAX} characters.`);
}

const isGuarded = (operation: Operation) => effectOf(operation) === 'settings';

function requireGuard({ id }: Operation, guard: ChangeGuard | undefined): ChangeGuard {
  invariant(
    guard,
    `${id} changes settings (see effect in shared/api/operation.ts): give operationRouter a ChangeGuard`,
  );
  return guard;
}

/** Whoever a sandbox is open to may look, also with a token that names no role. */
export const grantedRoles = (named: readonly string[]): readonly Role[] => {
  const known = ROLES.filter((role) => named.includes(role));
  return known.length > 0 ? known : ['viewer'];
};

export function requireRole(wanted: readonly Role[], named: readonly string[]): void {
  if (hasRole(wanted, named)) return;
  throw new Problem('role-forbidden', `This needs the role ${wanted.join(' or ')}.`);
}

export function hasRole(wanted: readonly Role[], named: readonly string[]): boolean {
  const granted = grantedRoles(named);
  return wanted.some((role) => granted.includes(role));
}

/** Scopes narrow what the roles allow, for a client that was given some; a token without any has all. */
const SCOPES = {
  nothing: ['shoal/read', 'shoal/write'],
  data: ['shoal/send', 'shoal/write'],
  settings: ['shoal/write'],
} as const;

function requireScope(operation: Operation, granted: readonly string[]): void {
  if (hasScope(operation, granted)) return;
  throw new Problem('scope-forbidden', `This needs the scope ${SCOPES[effectOf(operation)].join(' or ')}.`);
}

const hasScope = (operation: Operation, granted: readonly string[]) =>
  granted.length === 0 || SCOPES[effectOf(operation)].some((scope) => granted.includes(scope));

/** Whether a token would be let through to the operation. */
export const mayCall = (operation: Operation, { roles, scopes }: Pick<HttpRequest, 'roles' | 'scopes'>): boolean =>
  (operation.access ?? 'token') === 'token' && hasRole(operation.roles, roles) && hasScope(operation, scopes);

const halfCharacters = () =>
  new Problem('invalid-request', 'A text of the body holds half a character: an unpaired surrogate, as \\ud83d alone.');

const NO_QUERY = z.strictObject({});

function parse(operation: Operation, request: HttpRequest) {
  // Events are answered one by one, this too.
  if (effectOf(operation) !== 'data' && holdsHalfCharacters(request.body)) throw halfCharacters();
  return {
    ...request,
    query:
      operation.query === undefined ? parseQuery(NO_QUERY, request.query) : parseQuery(operation.query, request.query),
    body: operation.body === undefined ? undefined : parseBody(operation.body, request.body),
  };
}
