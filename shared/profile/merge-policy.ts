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

export function mergeFragments(fragments: readonly ProfileFragment[], method: AttributeMerge): MergedAttributes {
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

const compareText = (left: string, right: string) => (left === right ? 0 : left < right ? -1 : 1);

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
