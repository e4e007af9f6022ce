/** `/segment/definitions`: which behaviour answers which route. */
import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import { changeDefinition } from './change-definition.ts';
import { createDefinition } from './create-definition.ts';
import { deleteDefinition } from './delete-definition.ts';
import type { SegmentPorts } from './ports.ts';
import { findDefinition, listDefinitions } from './read-definitions.ts';

type Behaviour = (request: HttpRequest, ports: SegmentPorts) => Promise<HttpResponse>;

const BASE = '/data/core/ups/segment/definitions';

const ROUTES: ReadonlyMap<string, Behaviour> = new Map([
  [`GET ${BASE}`, listDefinitions],
  [`POST ${BASE}`, createDefinition],
  [`GET ${BASE}/{id}`, findDefinition],
  [`PATCH ${BASE}/{id}`, changeDefinition],
  [`DELETE ${BASE}/{id}`, deleteDefinition],
]);

export async function segmentsApi(request: HttpRequest, ports: SegmentPorts): Promise<HttpResponse> {
  const behaviour = ROUTES.get(request.routeKey);
  if (behaviour === undefined) throw new Problem('not-found', `Nothing answers ${request.routeKey}.`);
  return behaviour(request, ports);
}
