import { hash32 } from '#shared/profile/hash.ts';
import type { ProfileSegment, ProfileSegments, SegmentProfile } from '#shared/profile/profile-segments.ts';
import { isSomebody, profileKeyText } from '#shared/profile/profile-store.ts';
import type { MemoryProfileStore } from './memory-profile-stores.ts';

/** The profiles of a store in memory, cut as a table would be. */
export class MemoryProfileSegments implements ProfileSegments {
  readonly #profiles: Pick<MemoryProfileStore, 'all' | 'batch'>;

  constructor(profiles: Pick<MemoryProfileStore, 'all' | 'batch'>) {
    this.#profiles = profiles;
  }

  async read(sandboxName: string, segment: number, totalSegments: number): Promise<ProfileSegment> {
    const within: SegmentProfile[] = [];
    for (const [key, stored] of this.#profiles.all()) {
      if (!isSomebody(stored)) continue;
      if (Math.floor((hash32(profileKeyText(key)) / 2 ** 32) * totalSegments) !== segment) continue;
      const batch = this.#profiles.batch.bytesOf(key);
      within.push({ key, stored: { ...stored, ...(batch && { batch }) } });
    }
    return { profiles: within.filter(({ key }) => key.sandboxName === sandboxName), scanned: within.length };
  }
}
