import type {
  ErasureOrders,
  HistoryStore,
  IdentityStore,
  JointStore,
  ParkingLot,
  ProfileStore,
  Quarantine,
  RefusedLinks,
} from '#shared/profile/profile-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface Ports {
  readonly profiles: ProfileStore;
  readonly history: HistoryStore;
  readonly identities: IdentityStore;
  /** Where what concerns several profiles at once is written. */
  readonly joint: JointStore;
  /** Who is to be erased. */
  readonly erasures: Pick<ErasureOrders, 'find'>;
  readonly rules: RulesStore;
  readonly quarantine: Quarantine;
  readonly parking: ParkingLot;
  readonly refusedLinks: RefusedLinks;
  readonly newProfileId: () => string;
  readonly now: () => number;
}

export interface Settings {
  readonly retentionMs: number;
  readonly dueShards: number;
  /** Of one profile; IDENTITIES_PER_PROFILE_MAX but where a world is to be small. */
  readonly identitiesMax: number;
}

/** A record as the stream delivered it. `arrival` is epoch milliseconds, the same at every delivery. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  readonly arrival: number;
}
