/** What is to become of a profile and the items that are there for it. */
import type { ProfileWrite, StoredProfile } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import type { ProfileUpdate } from '#shared/segment/profile-update.ts';
import type { Ports, Settings } from './ports.ts';
import type { PlacedItem } from './work.ts';

export type Plan =
  /** Nothing to write; `taken` items are finished. */
  | { readonly kind: 'settled'; readonly taken: readonly PlacedItem[]; readonly update: ProfileUpdate }
  | {
      readonly kind: 'write';
      readonly taken: readonly PlacedItem[];
      readonly update: ProfileUpdate;
      readonly write: ProfileWrite;
    }
  /** What was read is no longer so: rules older than those of the state. */
  | { readonly kind: 'outdated' }
  /** It became part of another profile. */
  | { readonly kind: 'alias'; readonly leadsTo: string }
  /** They are not, or no longer, this profile's. */
  | { readonly kind: 'misplaced'; readonly items: readonly PlacedItem[] }
  /** It was made a tombstone just now: to be read again. */
  | { readonly kind: 'erased'; readonly changes: number }
  /** It is a tombstone. `lost` items are of whom it was; `others` somebody else's from now on; the rest is finished. */
  | {
      readonly kind: 'tombstone';
      readonly lost: readonly PlacedItem[];
      readonly others: readonly PlacedItem[];
      readonly taken: readonly PlacedItem[];
    }
  /** `items` were set aside; `write` marks it, where it was not marked before. */
  | { readonly kind: 'park'; readonly items: readonly PlacedItem[]; readonly write: ProfileWrite | undefined };

export interface Situation {
  readonly stored: StoredProfile | undefined;
  readonly rules: CompiledRules;
  readonly ports: Ports;
  readonly settings: Settings;
}
