/** Sizes of segments from the change feed alone: the last change of a profile in a segment says whether it is in. */
import type { Change } from '#local/client.ts';

export function foldSizes(changes: readonly Change[]): ReadonlyMap<string, number> {
  const latest = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.segmentId} ${change.profileId}`;
    const known = latest.get(key);
    if (!known || isAfter(change, known)) latest.set(key, change);
  }
  const sizes = new Map<string, number>();
  for (const { segmentId, status } of latest.values()) {
    if (status === 'realized') sizes.set(segmentId, (sizes.get(segmentId) ?? 0) + 1);
  }
  return sizes;
}

function isAfter(change: Change, known: Change): boolean {
  return change.version === known.version ? change.index > known.index : change.version > known.version;
}
