import { describe, expect, test } from 'vitest';
import type { ProfileSegments } from '#shared/profile/profile-segments.ts';
import type { ProfileStore } from '#shared/profile/profile-store.ts';

export interface SegmentedStore {
  readonly profiles: ProfileStore;
  readonly segments: ProfileSegments;
}

const PEOPLE = 120;

/** Run by one file per adapter. */
export function profileSegmentsContract(open: () => Promise<SegmentedStore>): void {
  const filled = async (): Promise<ProfileSegments> => {
    const { profiles, segments } = await open();
    const writes = Array.from({ length: PEOPLE }, (_, person) => ({
      key: { sandboxName: person % 3 === 0 ? 'dev' : 'prod', profileId: `profile-${person}` },
      expectedVersion: 0,
      rulesVersion: 1,
      state: Uint8Array.of(person),
      ...(person % 2 === 0 ? { attributes: Uint8Array.of(person, 1) } : {}),
    }));
    await profiles.write(writes);
    return segments;
  };
  const all = async (segments: ProfileSegments, total: number) =>
    Promise.all(Array.from({ length: total }, (_, segment) => segments.read('prod', segment, total)));

  describe('segments of the table', () => {
    test.each([1, 8, 64, 1024])('cut into %i hold every profile of the sandbox once', async (total) => {
      const read = await all(await filled(), total);

      const ids = read.flatMap(({ profiles }) => profiles.map(({ key }) => key.profileId));
      expect(ids.length).toBe((PEOPLE / 3) * 2);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('hold state and attributes of a profile together', async () => {
      const read = await all(await filled(), 32);

      for (const { key, stored } of read.flatMap(({ profiles }) => profiles)) {
        const person = Number(key.profileId.slice('profile-'.length));
        expect(key.sandboxName).toBe('prod');
        expect([...stored.state]).toEqual([person]);
        expect(stored.attributes && [...stored.attributes]).toEqual(person % 2 === 0 ? [person, 1] : undefined);
      }
    });

    test('are cut by the id alone: each half is two quarters', async () => {
      const segments = await filled();
      const [halves, quarters] = [await all(segments, 2), await all(segments, 4)];
      const idsOf = (read: typeof halves) =>
        read.flatMap(({ profiles }) => profiles.map(({ key }) => key.profileId)).sort();

      expect(idsOf(quarters.slice(0, 2))).toEqual(idsOf(halves.slice(0, 1)));
    });

    test('say how much was read for them, whoever it belongs to', async () => {
      const read = await all(await filled(), 4);

      const scanned = read.reduce((sum, each) => sum + each.scanned, 0);
      expect(scanned).toBeGreaterThanOrEqual((PEOPLE / 3) * 2 + PEOPLE / 6);
      expect(scanned).toBeLessThanOrEqual(PEOPLE + 4);
    });
  });
}
