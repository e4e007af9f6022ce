/**
 * The local stand-in for whatever the template trusts to issue tokens: one key pair, tokens in the name of the
 * configured issuer, verified for real. The key is kept, so that a token outlives a restart.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';

export interface TokenRequest {
  readonly subject: string;
  readonly sandboxes: readonly string[];
  readonly roles: readonly string[];
}

export const SANDBOXES = ['prod', 'dev'] as const;

/** API Gateway takes RSA signatures only. */
const ALGORITHM = 'RS256';
const LIFETIME_SECONDS = 10 * 365 * 86_400;

export class LocalIssuer {
  readonly #privateJwk: JWK;
  readonly #publicJwk: JWK;
  readonly #keySet: ReturnType<typeof createLocalJWKSet>;

  private constructor(privateJwk: JWK, publicJwk: JWK) {
    this.#privateJwk = privateJwk;
    this.#publicJwk = publicJwk;
    this.#keySet = createLocalJWKSet({ keys: [publicJwk] });
  }

  static async open(file: string): Promise<LocalIssuer> {
    const privateJwk = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JWK) : await makeKey(file);
    const { kty, n, e, kid } = privateJwk;
    return new LocalIssuer(privateJwk, { kty, n, e, kid, alg: ALGORITHM, use: 'sig' } as JWK);
  }

  /** The set of public keys, as an OIDC issuer publishes it. */
  get keys(): { readonly keys: readonly JWK[] } {
    return { keys: [this.#publicJwk] };
  }

  async mint(request: TokenRequest, issuer: string, audience: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { subject, sandboxes, roles } = request;
    return new SignJWT({ sandboxes, roles, client_id: audience, token_use: 'access' })
      .setProtectedHeader({ alg: ALGORITHM, kid: this.#publicJwk.kid as string })
      .setSubject(subject)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_SECONDS)
      .sign(await importJWK(this.#privateJwk, ALGORITHM));
  }

  async verify(token: string, issuer: string, audience: readonly string[]): Promise<JWTPayload> {
    const currentDate = new Date();
    const { payload } = await jwtVerify(token, this.#keySet, { issuer, algorithms: [ALGORITHM], currentDate });
    // As API Gateway does: a token without `aud` is held to its `client_id`, which is what Cognito's access tokens have.
    const given = payload.aud === undefined ? [String(payload.client_id)] : [payload.aud].flat();
    if (!given.some((one) => audience.includes(one))) throw new Error('the token is for another audience');
    return payload;
  }
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM };
  writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  return key;
}
