/** The template's HTTP API on a port: routes, authorizers and CORS as configured, functions behind them. */
import type { EngineRequest, EngineResponse } from '../engines/listener.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { LocalIssuer } from '../oidc-issuer.ts';
import { type Authorized, type AuthorizerSettings, authorize, requireScope } from './authorizer.ts';
import { type CorsSettings, corsHeaders, preflight } from './cors.ts';
import { toEvent, toResponse } from './event.ts';
import { findRoute, type Match, type Route } from './route.ts';

export interface RouteTarget {
  readonly target: LambdaFunction;
  readonly timeoutMs: number;
  readonly authorizer: AuthorizerSettings | undefined;
  readonly scopes: readonly string[];
}

export interface HttpApi {
  readonly id: string;
  readonly stage: string;
  readonly routes: readonly Route<RouteTarget>[];
  readonly cors: CorsSettings | undefined;
}

const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** As the CDN tells the API's requests from the site's: by the beginning of their path, which no other route shares. */
export const isRouted = ({ routes }: HttpApi, { url }: EngineRequest): boolean =>
  routes.some(({ key }) => key !== '$default' && firstOf(key.split(' ')[1] ?? '') === firstOf(url));

/** `/data/core/ups?x` → `data` */
const firstOf = (path: string) => path.split(/[/?]/)[1];

export async function answerApi(api: HttpApi, issuer: LocalIssuer, request: EngineRequest): Promise<EngineResponse> {
  const answer = (api.cors && preflight(api.cors, request)) ?? (await answerRoute(api, issuer, request));
  return { ...answer, headers: { ...answer.headers, ...(api.cors && corsHeaders(api.cors, request.headers)) } };
}

async function answerRoute(api: HttpApi, issuer: LocalIssuer, request: EngineRequest): Promise<EngineResponse> {
  const [path = '/', query = ''] = request.url.split('?');
  if (!isDecodable(path)) return message(400, 'Bad Request');
  const match = findRoute(api.routes, request.method, path);
  if (!match) return message(404, 'Not Found');
  if (request.body.length > BODY_BYTES_MAX) return message(413, 'Request Entity Too Large');
  const { authorizer, scopes } = match.route.target;
  const carrier = { headers: request.headers, query: new URLSearchParams(query) };
  const authorized = authorizer && (await authorize(authorizer, issuer, carrier));
  const allowed = authorized?.ok ? requireScope(authorized.claims, scopes) : authorized;
  if (allowed && !allowed.ok) return refused(allowed);
  return invoke(api, match, { request, claims: allowed?.claims });
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

interface Authenticated {
  readonly request: EngineRequest;
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

async function invoke(
  api: HttpApi,
  { route, pathParameters }: Match<RouteTarget>,
  { request, claims }: Authenticated,
): Promise<EngineResponse> {
  const routed = { apiId: api.id, stage: api.stage, routeKey: route.key, pathParameters, claims };
  const { target, timeoutMs } = route.target;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  const outcome = await Promise.race([target.invoke(toEvent(request, routed)), tooLate]);
  clearTimeout(timer);
  if (outcome === undefined) return message(503, 'Service Unavailable');
  return outcome.ok ? toResponse(outcome.result) : message(500, 'Internal Server Error');
}

function refused({ status, description }: Authorized & { ok: false }): EngineResponse {
  const response = message(status, status === 401 ? 'Unauthorized' : 'Forbidden');
  const challenge = `Bearer scope="" error="invalid_token" error_description="${description.replaceAll('"', "'")}"`;
  return { ...response, headers: { ...response.headers, 'www-authenticate': challenge } };
}

function message(status: number, text: string): EngineResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: text }) };
}
