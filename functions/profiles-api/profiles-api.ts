/** Reads about one person: which behaviour answers which route. */
import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import { explainMembership } from './explain-membership.ts';
import type { ProfilePorts } from './ports.ts';
import { readEntity } from './read-entity.ts';

type Behaviour = (request: HttpRequest, ports: ProfilePorts) => Promise<HttpResponse>;

const BASE = '/data/core/ups';

const ROUTES: ReadonlyMap<string, Behaviour> = new Map([
  [`GET ${BASE}/access/entities`, readEntity],
  [`GET ${BASE}/segment/definitions/{id}/explain`, explainMembership],
]);

export async function profilesApi(request: HttpRequest, ports: ProfilePorts): Promise<HttpResponse> {
  const behaviour = ROUTES.get(request.routeKey);
  if (behaviour === undefined) throw new Problem('not-found', `Nothing answers ${request.routeKey}.`);
  return behaviour(request, ports);
}
