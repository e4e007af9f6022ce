/** CORS as an HTTP API does it when it is configured: preflight answered, headers added to every answer. */
import type { EngineRequest, EngineResponse } from '../engines/listener.ts';

export interface CorsSettings {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
  readonly AllowCredentials?: boolean;
}

export function preflight(cors: CorsSettings, { method, headers }: EngineRequest): EngineResponse | undefined {
  if (method !== 'OPTIONS' || !headers.origin || !headers['access-control-request-method']) return undefined;
  const allowed = {
    'access-control-allow-methods': cors.AllowMethods?.join(','),
    'access-control-allow-headers': cors.AllowHeaders?.join(','),
    'access-control-max-age': cors.MaxAge?.toString(),
  };
  return { status: 204, headers: defined(allowed) };
}

export function corsHeaders(cors: CorsSettings, { origin }: Readonly<Record<string, string>>): Record<string, string> {
  const origins = cors.AllowOrigins ?? [];
  if (!origin || !(origins.includes('*') || origins.includes(origin))) return {};
  return defined({
    'access-control-allow-origin': origins.includes('*') ? '*' : origin,
    'access-control-allow-credentials': cors.AllowCredentials ? 'true' : undefined,
    'access-control-expose-headers': cors.ExposeHeaders?.join(','),
  });
}

function defined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
