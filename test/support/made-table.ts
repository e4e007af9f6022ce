/** A table too large to be made by events: rows at random positions of the hash space, each a copy of a stored profile. */
import { hash32 } from '#shared/profile/hash.ts';
import type { ProfileSegments, SegmentProfile } from '#shared/profile/profile-segments.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';

/** `others` more rows belong to another sandbox. */
export function madeSegments(
  rows: number,
  storedOf: (row: number) => StoredProfile,
  others = 0,
): ProfileSegments & { readonly reads: () => number } {
  const positions = Array.from({ length: rows + others }, (_, row) => ({ row, at: hash32(`row ${row}`) / 2 ** 32 }));
  positions.sort((left, right) => left.at - right.at);
  let reads = 0;
  const firstFrom = (at: number) => {
    let [low, high] = [0, positions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions[middle]?.at ?? 1) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    reads: () => reads,
    async read(sandboxName, segment, totalSegments) {
      const within = positions.slice(firstFrom(segment / totalSegments), firstFrom((segment + 1) / totalSegments));
      reads += within.length;
      const mine = within.filter(({ row }) => row < rows);
      const profiles = mine.map(({ row }): SegmentProfile => {
        return { key: { sandboxName, profileId: `p${row}` }, stored: storedOf(row) };
      });
      return { profiles, scanned: within.length };
    },
  };
}
