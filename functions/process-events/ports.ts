import type {
  HistoryStore,
  IdentityStore,
  ParkingLot,
  ProfileStore,
  Quarantine,
} from '#shared/profile/profile-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface Ports {
  readonly profiles: ProfileStore;
  readonly history: HistoryStore;
  readonly identities: IdentityStore;
  readonly rules: RulesStore;
  readonly quarantine: Quarantine;
  readonly parking: ParkingLot;
  readonly newProfileId: () => string;
  readonly now: () => number;
}

export interface Settings {
  readonly retentionMs: number;
  readonly dueShards: number;
}

/** A record as the stream delivered it. `arrival` is epoch milliseconds, the same at every delivery. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  readonly arrival: number;
}
