/** All profiles of a sandbox, page by page, in no order that means anything. */
import type { ProfileKey, StoredProfile } from './profile-store.ts';

export interface ProfileScanPage {
  readonly keys: readonly ProfileKey[];
  /** Where the next page starts; undefined at the end. A page may be empty and not the last. */
  readonly next: string | undefined;
}

export interface ProfileScan {
  /** Reads at most `limit` items, of which some may be of other sandboxes. */
  page(sandboxName: string, after: string | undefined, limit: number): Promise<ProfileScanPage>;
}

/** One of several parts of the table; together they are all of it, and they do not overlap. */
export interface ScanRange {
  /** From 0. */
  readonly range: number;
  readonly ranges: number;
}

export interface WholeProfilePage {
  /** What is stored of each as one version, as `ProfileStore.read` gives it. */
  readonly profiles: readonly (readonly [ProfileKey, StoredProfile])[];
  readonly next: string | undefined;
  /** What reading the page took of the table's capacity. */
  readonly readUnits: number;
}

export interface ProfileRanges {
  /** About how many items the table holds; some hours old. */
  size(): Promise<number>;
  page(sandboxName: string, range: ScanRange, after: string | undefined, limit: number): Promise<WholeProfilePage>;
}
