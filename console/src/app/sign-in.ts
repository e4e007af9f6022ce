/**
 * Who is signed in. With an OIDC issuer: authorization code flow with PKCE, no client secret, the token kept for the tab.
 *
 *     start ─▶ token kept? ─▶ use it
 *        └──▶ code in the address? ─▶ exchange it ─▶ back to where the reader was
 *        └──▶ else ─▶ off to the issuer
 */
import type { SignIn } from './config.ts';

export interface Session {
  /** A token that is still valid for a while; goes to the issuer, and never returns, if there can be none. */
  token(): Promise<string>;
  /** The token was refused: forget it and sign in anew. */
  refused(): void;
  signOut(): void;
  readonly isSignedOutPossible: boolean;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly expiresAt: number;
}

interface Issuer {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
}

const TOKENS = 'shoal.tokens';
const PENDING = 'shoal.sign-in';
/** A token this close to its end is renewed before it is used. */
const MARGIN_MS = 60_000;

type OidcSignIn = Extract<SignIn, { kind: 'oidc' }>;

export async function openSession(signIn: SignIn): Promise<Session> {
  if (signIn.kind === 'token') {
    return { token: async () => signIn.token, refused: () => {}, signOut: () => {}, isSignedOutPossible: false };
  }
  const session = new OidcSession(signIn);
  await session.finishSignIn();
  return session;
}

class OidcSession implements Session {
  readonly isSignedOutPossible = true;
  readonly #signIn: OidcSignIn;
  #issuer: Promise<Issuer> | undefined;
  #renewal: Promise<string> | undefined;

  constructor(signIn: OidcSignIn) {
    this.#signIn = signIn;
  }

  async token(): Promise<string> {
    const kept = readTokens();
    if (kept !== undefined && kept.expiresAt - Date.now() > MARGIN_MS) return kept.accessToken;
    this.#renewal ??= this.#renew(kept).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  refused(): void {
    sessionStorage.removeItem(TOKENS);
  }

  signOut(): void {
    sessionStorage.removeItem(TOKENS);
    void this.#discover().then(({ end_session_endpoint: end }) => {
      const query = new URLSearchParams({
        client_id: this.#signIn.clientId,
        logout_uri: origin(),
        post_logout_redirect_uri: origin(),
      });
      location.assign(end === undefined ? '/' : `${end}?${query}`);
    });
  }

  /** If the issuer just sent the reader back: exchanges the code, and restores the address. */
  async finishSignIn(): Promise<void> {
    const query = new URLSearchParams(location.search);
    const [code, state] = [query.get('code'), query.get('state')];
    const pending = readJson<{ state: string; verifier: string; returnTo: string }>(PENDING);
    if (state === null || pending === undefined || pending.state !== state) return;
    sessionStorage.removeItem(PENDING);
    if (code === null) throw new Error(query.get('error_description') ?? query.get('error') ?? 'no code came back');
    const { verifier, returnTo } = pending;
    const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri() };
    keepTokens(await this.#exchange(grant));
    history.replaceState(null, '', returnTo);
  }

  async #renew(kept: Tokens | undefined): Promise<string> {
    if (kept?.refreshToken === undefined) return this.#leaveToSignIn();
    try {
      const tokens = await this.#exchange({ grant_type: 'refresh_token', refresh_token: kept.refreshToken });
      keepTokens({ refreshToken: kept.refreshToken, ...tokens });
      return tokens.accessToken;
    } catch {
      return this.#leaveToSignIn();
    }
  }

  async #leaveToSignIn(): Promise<never> {
    const { authorization_endpoint: authorize } = await this.#discover();
    const [state, verifier] = [randomText(), randomText()];
    const returnTo = location.pathname + location.search;
    sessionStorage.setItem(PENDING, JSON.stringify({ state, verifier, returnTo }));
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#signIn.clientId,
      redirect_uri: redirectUri(),
      scope: this.#signIn.scope,
      state,
      code_challenge: await challengeOf(verifier),
      code_challenge_method: 'S256',
    });
    location.assign(`${authorize}?${query}`);
    return new Promise<never>(() => {});
  }

  async #exchange(grant: Readonly<Record<string, string>>): Promise<Tokens> {
    const { token_endpoint: endpoint } = await this.#discover();
    const body = new URLSearchParams({ ...grant, client_id: this.#signIn.clientId });
    const response = await fetch(endpoint, { method: 'POST', body });
    if (!response.ok) throw new Error(`the issuer answered ${response.status}`);
    const answer = (await response.json()) as { access_token: string; refresh_token?: string; expires_in?: number };
    return {
      accessToken: answer.access_token,
      ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
      expiresAt: Date.now() + (answer.expires_in ?? 300) * 1000,
    };
  }

  #discover(): Promise<Issuer> {
    this.#issuer ??= fetch(`${this.#signIn.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).then(
      (response) => response.json() as Promise<Issuer>,
    );
    return this.#issuer;
  }
}

const origin = () => `${location.origin}/`;
/** One address for all: issuers compare it to the letter. */
const redirectUri = origin;

function readJson<Value>(key: string): Value | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Value);
}

const readTokens = () => readJson<Tokens>(TOKENS);
const keepTokens = (tokens: Tokens) => sessionStorage.setItem(TOKENS, JSON.stringify(tokens));

const randomText = () => base64Url(crypto.getRandomValues(new Uint8Array(32)));

async function challengeOf(verifier: string): Promise<string> {
  return base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

const base64Url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
