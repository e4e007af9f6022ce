/** All profiles of a sandbox, page by page, in no order that means anything. */
import type { ProfileKey } from './profile-store.ts';

export interface ProfileScanPage {
  readonly keys: readonly ProfileKey[];
  /** Where the next page starts; undefined at the end. A page may be empty and not the last. */
  readonly next: string | undefined;
}

export interface ProfileScan {
  /** Reads at most `limit` items, of which some may be of other sandboxes. */
  page(sandboxName: string, after: string | undefined, limit: number): Promise<ProfileScanPage>;
}
