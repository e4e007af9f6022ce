/** Instants at which something may change, each by what changes then. */
export function setOrDelete<Key>(map: Map<Key, number>, key: Key, value: number | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

export function soonestOf<Key>(instants: ReadonlyMap<Key, number>): readonly [Key, number] | undefined {
  let soonest: readonly [Key, number] | undefined;
  for (const entry of instants) if (soonest === undefined || entry[1] < soonest[1]) soonest = entry;
  return soonest;
}

export function earliest(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
