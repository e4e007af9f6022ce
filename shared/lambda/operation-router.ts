/** From a request to the behaviour of its operation: looks the route up, asks for the role, parses query and body. */
import {
  type BodyOf,
  type Operation,
  type PathParameters,
  type QueryOf,
  ROLES,
  type Role,
  routeKeyOf,
} from '#shared/api/operation.ts';
import { parseBody, parseQuery } from '#shared/api/parse-request.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest, HttpResponse } from './http-middleware.ts';

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
): (request: HttpRequest) => Promise<HttpResponse> {
  const declared = routes as readonly (readonly [Operation, AnyBehaviour])[];
  const byRoute = new Map(declared.map((route) => [routeKeyOf(route[0]), route]));
  return async (request) => {
    const route = byRoute.get(request.routeKey);
    if (route === undefined) throw new Problem('not-found', `Nothing answers ${request.routeKey}.`);
    const [operation, behaviour] = route;
    requireRole(operation.roles, request.roles);
    // What was parsed is what the behaviour's type says: both come from the operation.
    return behaviour(parse(operation, request) as never, ports as never);
  };
}

/** Whoever a sandbox is open to may look, also with a token that names no role. */
export const grantedRoles = (named: readonly string[]): readonly Role[] => {
  const known = ROLES.filter((role) => named.includes(role));
  return known.length > 0 ? known : ['viewer'];
};

function requireRole(wanted: readonly Role[], named: readonly string[]): void {
  const granted = grantedRoles(named);
  if (wanted.some((role) => granted.includes(role))) return;
  throw new Problem('role-forbidden', `This needs the role ${wanted.join(' or ')}.`);
}

function parse(operation: Operation, request: HttpRequest) {
  return {
    ...request,
    query: operation.query === undefined ? {} : parseQuery(operation.query, request.query),
    body: operation.body === undefined ? undefined : parseBody(operation.body, request.body),
  };
}
