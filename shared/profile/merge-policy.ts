/**
 * How fragments that disagree become one profile.
 * Names and values are those of the published profile API (docs/glossary.md: merge policy).
 */
import { unreachable } from '#shared/kernel/invariant.ts';
import type { FragmentValue, ProfileFragment } from './profile-attributes.ts';

export type AttributeMerge =
  | { readonly type: 'timestampOrdered' }
  | { readonly type: 'dataSetPrecedence'; readonly order: readonly string[] };

export const DEFAULT_MERGE: AttributeMerge = { type: 'timestampOrdered' };

export type MergedAttributes = Readonly<Record<string, unknown>>;
/** `pathText` is made once: a sort asks for it again and again. */
type Claim = FragmentValue & { readonly datasetId: string; readonly pathText: string };

const compareText = (left: string, right: string) => (left === right ? 0 : left < right ? -1 : 1);

/** An object of its own for each call. */
export const mergeFragments = (
  fragments: readonly ProfileFragment[],
  method: AttributeMerge,
): Record<string, unknown> => unopposed(fragments) ?? strongest(fragments, method);

/** All values in their places, where no two of them want the same one: most profiles have one source for each. */
function unopposed(fragments: readonly ProfileFragment[]): Record<string, unknown> | undefined {
  const merged: Record<string, unknown> = Object.create(null);
  const claims: { readonly place: string; readonly path: readonly string[]; readonly value: unknown }[] = [];
  for (const { values } of fragments) {
    for (const { path, value } of values) {
      if (value === null || isObject(value)) return undefined;
      claims.push({ place: path.length === 1 ? (path[0] as string) : path.join('\0'), path, value });
    }
  }
  // Names stand in one order, whichever value came first.
  claims.sort((one, other) => compareText(one.place, other.place));
  return claims.every(({ path, value }) => isPlaced(merged, path, value)) ? merged : undefined;
}

/** False where another value is in the way. */
function isPlaced(target: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  const last = path.length - 1;
  let node = target;
  for (let depth = 0; depth < last; depth++) {
    const key = path[depth] as string;
    node[key] ??= Object.create(null);
    const child = node[key] as Record<string, unknown>;
    if (!isObject(child)) return false;
    node = child;
  }
  const key = path[last] as string;
  if (key in node) return false;
  node[key] = value;
  return true;
}

function strongest(fragments: readonly ProfileFragment[], method: AttributeMerge): Record<string, unknown> {
  const claims = fragments.flatMap(({ datasetId, values }) =>
    values.map(({ path, value, timestamp }) => ({ path, value, timestamp, datasetId, pathText: JSON.stringify(path) })),
  );
  const merged: Record<string, unknown> = Object.create(null);
  for (const claim of claims.sort(weakestFirst(method))) assign(merged, claim.path, claim.value);
  return merged;
}

type Order = (left: Claim, right: Claim) => number;

function weakestFirst(method: AttributeMerge): Order {
  switch (method.type) {
    case 'timestampOrdered':
      return byAge;
    case 'dataSetPrecedence': {
      const position = new Map(method.order.map((datasetId, index) => [datasetId, index]));
      // A data set that the policy does not list is weaker than every one it does.
      const rank = ({ datasetId }: Claim) => position.get(datasetId) ?? method.order.length;
      return (left, right) => rank(right) - rank(left) || byAge(left, right);
    }
    default:
      return unreachable(method);
  }
}

/**
 * Ties fall to the data set's name, then the path, then the value, for a data set may have said it of two identities: the
 * same fragments in any order give the same profile.
 */
const byAge: Order = (left, right) =>
  left.timestamp - right.timestamp ||
  compareText(left.datasetId, right.datasetId) ||
  compareText(left.pathText, right.pathText) ||
  compareText(JSON.stringify(left.value), JSON.stringify(right.value));

/** A stronger scalar replaces a weaker object, and a stronger object a weaker scalar. */
function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const last = path.length - 1;
  let node = target;
  for (const key of path.slice(0, last)) {
    const child = node[key];
    const isBranch = child !== null && typeof child === 'object' && !Array.isArray(child);
    if (!isBranch) node[key] = Object.create(null);
    node = node[key] as Record<string, unknown>;
  }
  const key = path[last] as string;
  if (value === null) delete node[key];
  else node[key] = isObject(value) ? Object.create(null) : value;
}

/** An object among the values is an empty one; others may be added to it here, and never to the fragment. */
const isObject = (value: unknown) => typeof value === 'object' && !Array.isArray(value);
