/** What the console is told about where it runs: written beside it when it is deployed, made up by the local runner. */
export interface ConsoleConfig {
  /** Ends before `/data/core/ups`; empty where the API answers under the console's own address. */
  readonly apiUrl: string;
  readonly sandboxes: readonly string[];
  readonly signIn: SignIn;
}

export type SignIn =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'oidc'; readonly issuer: string; readonly clientId: string; readonly scope: string };

export async function loadConfig(): Promise<ConsoleConfig> {
  const response = await fetch('/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/config.json was answered ${response.status}`);
  return (await response.json()) as ConsoleConfig;
}
