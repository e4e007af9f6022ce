/** Who an event or a profile record is about: identities by namespace, one of them primary. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';

export interface Identity {
  readonly namespace: string;
  readonly id: string;
  readonly primary: boolean;
}

export const IDENTITIES_PER_RECORD_MAX = 20;
export const IDENTITY_LENGTH_MAX = 512;
export const NAMESPACE_LENGTH_MAX = 64;

export type IdentityMap = {
  readonly [namespace: string]: readonly { readonly id: string; readonly primary?: boolean }[];
};

type Entry = { id?: unknown; primary?: unknown };

/** The identities of an `identityMap`, the primary first, then as they stand. Fails with what is wrong, in words. */
export function readIdentityMap(map: unknown): Result<readonly Identity[], string> {
  if (map === null || typeof map !== 'object' || Array.isArray(map)) return fail('identityMap is missing or no object');
  const identities: Identity[] = [];
  for (const [namespace, entries] of Object.entries(map)) {
    const problem = readNamespace(namespace, entries, identities);
    if (problem !== undefined) return fail(problem);
  }
  if (identities.length === 0) return fail('identityMap holds no identity');
  if (identities.length > IDENTITIES_PER_RECORD_MAX) {
    return fail(`identityMap holds ${identities.length} identities; at most ${IDENTITIES_PER_RECORD_MAX} are read`);
  }
  return ok(primaryFirst(identities));
}

function readNamespace(namespace: string, entries: unknown, into: Identity[]): string | undefined {
  if (namespace === '' || namespace.length > NAMESPACE_LENGTH_MAX) {
    return `identityMap has a namespace of ${namespace.length} characters; 1 to ${NAMESPACE_LENGTH_MAX} are allowed`;
  }
  if (!Array.isArray(entries)) return `identityMap.${namespace} is no list`;
  for (const entry of entries as Entry[]) {
    const id = entry?.id;
    if (typeof id !== 'string' || id === '' || id.length > IDENTITY_LENGTH_MAX) {
      return `identityMap.${namespace} has an entry whose id is no text of 1 to ${IDENTITY_LENGTH_MAX} characters`;
    }
    if (!into.some((known) => known.namespace === namespace && known.id === id)) {
      into.push({ namespace, id, primary: entry.primary === true });
    }
  }
  return undefined;
}

/** Without a declared primary the first identity is it; of several the first. */
function primaryFirst(identities: readonly Identity[]): readonly Identity[] {
  const at = Math.max(
    0,
    identities.findIndex(({ primary }) => primary),
  );
  const rest = identities.filter((_, index) => index !== at).map((identity) => ({ ...identity, primary: false }));
  return [{ ...(identities[at] as Identity), primary: true }, ...rest];
}

/** One text for an identity: the namespace can't hold the separator's length prefix by accident. */
export function identityKey({ namespace, id }: Pick<Identity, 'namespace' | 'id'>): string {
  return `${namespace.length}:${namespace}:${id}`;
}

/** Identities grouped as in `identityMap`, the primary flagged. */
export function toIdentityMap(identities: readonly Identity[]): IdentityMap {
  const map = new Map<string, { id: string; primary?: boolean }[]>();
  for (const { namespace, id, primary } of identities) {
    map.set(namespace, [...(map.get(namespace) ?? []), primary ? { id, primary } : { id }]);
  }
  return Object.fromEntries(map);
}
