/** A JWT authorizer: signature, issuer, audience and times are verified as API Gateway verifies them. */
import type { LocalIssuer } from '../oidc-issuer.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface AuthorizerSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** `$request.header.Authorization` or `$request.querystring.name`. */
  readonly identitySource: string;
}

export type Authorized =
  | { readonly ok: true; readonly claims: Claims }
  | { readonly ok: false; readonly status: 401 | 403; readonly description: string };

export interface TokenCarrier {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export async function authorize(
  settings: AuthorizerSettings,
  issuer: LocalIssuer,
  { headers, query }: TokenCarrier,
): Promise<Authorized> {
  const [, kind, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(settings.identitySource) ?? [];
  const given = kind === 'header' ? headers[name.toLowerCase()] : query.get(name);
  if (!given) return denied('the request has no token');
  const token = given.replace(/^Bearer /i, '');
  try {
    return { ok: true, claims: await issuer.verify(token, settings.issuer, settings.audience) };
  } catch (error) {
    return denied(error instanceof Error ? error.message : String(error));
  }
}

export function requireScope(claims: Claims, scopes: readonly string[]): Authorized {
  const held = String(claims.scope ?? claims.scp ?? '').split(' ');
  if (scopes.length === 0 || scopes.some((scope) => held.includes(scope))) return { ok: true, claims };
  return { ok: false, status: 403, description: 'the token has none of the scopes that this route asks for' };
}

function denied(description: string): Authorized {
  return { ok: false, status: 401, description };
}
