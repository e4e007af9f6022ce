/**
 * A table of profiles cut into segments of its hash space. A profile's segment follows from its id alone, and ids are made
 * by chance: whole segments drawn at random are an unbiased sample of everybody, whatever the segments hold.
 */
import type { ProfileKey, StoredProfile } from './profile-store.ts';

export interface SegmentProfile {
  readonly key: ProfileKey;
  /** With what batch jobs found. */
  readonly stored: StoredProfile;
}

export interface ProfileSegment {
  /** All of the sandbox in this segment. */
  readonly profiles: readonly SegmentProfile[];
  /** About so many profiles of any sandbox were read for it. */
  readonly scanned: number;
}

export interface ProfileSegments {
  /** `segment` counts from 0. Whole: part of a segment would favour those who come first in it. */
  read(sandboxName: string, segment: number, totalSegments: number): Promise<ProfileSegment>;
}
