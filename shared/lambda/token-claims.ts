/**
 * Sandboxes and roles in a verified token. An HTTP API hands claims over as text, a list as `[a b]`; the local runner
 * and other authorizers may keep the list.
 */
export type Claims = Readonly<Record<string, unknown>>;

const SANDBOX_GROUP = 'sandbox:';

/** The claim `sandboxes`; without it the Cognito groups named `sandbox:<name>`. None of either opens nothing. */
export function sandboxesOf(claims: Claims): readonly string[] {
  if (claims.sandboxes !== undefined) return listOf(claims.sandboxes);
  return groupsOf(claims)
    .filter((group) => group.startsWith(SANDBOX_GROUP))
    .map((group) => group.slice(SANDBOX_GROUP.length));
}

/** The claim `roles`; without it the other Cognito groups. */
export function rolesOf(claims: Claims): readonly string[] {
  if (claims.roles !== undefined) return listOf(claims.roles);
  return groupsOf(claims).filter((group) => !group.startsWith(SANDBOX_GROUP));
}

/** Whom the token is about; a client that acts for itself is its own subject. */
export function subjectOf({ sub, client_id: client }: Claims): string {
  const subject = sub ?? client;
  return typeof subject === 'string' && subject !== '' ? subject.slice(0, 256) : 'unknown';
}

const SCOPE = 'shoal/';

/** OAuth scopes of this API, such as `shoal/read`; those of others say nothing here. */
export const scopesOf = ({ scope }: Claims): readonly string[] =>
  listOf(scope).filter((name) => name.startsWith(SCOPE));

const groupsOf = (claims: Claims) => listOf(claims['cognito:groups']);

function listOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.filter((item) => typeof item === 'string');
  if (typeof claim !== 'string') return [];
  return claim
    .replace(/^\[|\]$/g, '')
    .split(/[\s,]+/)
    .filter((item) => item !== '');
}
