/** What was set aside, for tests and the simulator: the operator's view of the memory stores. */
import type { ProfileScan, ProfileScanPage } from '#shared/profile/profile-scan.ts';
import {
  type ParkedItem,
  type ProfileKey,
  profileKeyText,
  type RefusedLink,
  type RejectedRecord,
} from '#shared/profile/profile-store.ts';
import type {
  FailedBatch,
  FailedBatches,
  Page,
  PageRequest,
  ParkedItems,
  ParkedSummary,
  RefusedLinksOfDay,
  RejectedRecords,
} from '#shared/profile/set-aside.ts';
import type {
  MemoryParkingLot,
  MemoryProfileStore,
  MemoryQuarantine,
  MemoryRefusedLinks,
} from './memory-profile-stores.ts';

const byText = (left: string, right: string) => (left < right ? -1 : 1);

function pageOf<Entry>(all: readonly Entry[], idOf: (entry: Entry) => string, { after, limit }: PageRequest) {
  const sorted = [...all].sort((left, right) => byText(idOf(left), idOf(right)));
  const rest = sorted.filter((entry) => after === undefined || idOf(entry) > after);
  const entries = rest.slice(0, limit);
  const last = entries.at(-1);
  const next = rest.length > limit && last !== undefined ? idOf(last) : undefined;
  return { entries, next } satisfies Page<Entry>;
}

export class MemoryParkedItems implements ParkedItems {
  readonly #lot: MemoryParkingLot;

  constructor(lot: MemoryParkingLot) {
    this.#lot = lot;
  }

  async profiles(sandboxName: string, page: PageRequest): Promise<Page<string>> {
    const keys = [...this.#lot.parked.values()].map(({ key }) => key);
    const ids = keys.filter((key) => key.sandboxName === sandboxName).map(({ profileId }) => profileId);
    return pageOf([...new Set(ids)], (id) => id, page);
  }

  async summary(key: ProfileKey): Promise<ParkedSummary> {
    const items = this.#of(key);
    return { items: items.length, hasMore: false, first: items[0] };
  }

  async items(key: ProfileKey, limit: number): Promise<Page<ParkedItem>> {
    return pageOf(this.#of(key), ({ id }) => id, { limit });
  }

  async remove(key: ProfileKey, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#lot.parked.delete(`${profileKeyText(key)}/${id}`);
  }

  #of(key: ProfileKey): readonly ParkedItem[] {
    return [...this.#lot.parked.values()].filter((item) => profileKeyText(item.key) === profileKeyText(key));
  }
}

export class MemoryRejectedRecords implements RejectedRecords {
  readonly #quarantine: MemoryQuarantine;

  constructor(quarantine: MemoryQuarantine) {
    this.#quarantine = quarantine;
  }

  async ofDay(day: string, page: PageRequest): Promise<Page<RejectedRecord>> {
    return pageOf(
      this.#all().filter(({ id }) => id.startsWith(`${day}/`)),
      ({ id }) => id,
      page,
    );
  }

  async find(id: string): Promise<RejectedRecord | undefined> {
    return this.#all().find((rejected) => rejected.id === id);
  }

  async remove(id: string): Promise<void> {
    this.#quarantine.rejected.delete(id.slice(id.indexOf('/') + 1));
  }

  #all(): readonly RejectedRecord[] {
    return [...this.#quarantine.rejected.values()].map((rejected) => {
      const day = new Date(rejected.arrival).toISOString().slice(0, 10);
      return { ...rejected, id: `${day}/${rejected.id}` };
    });
  }
}

export class MemoryRefusedLinksOfDay implements RefusedLinksOfDay {
  readonly #refused: MemoryRefusedLinks;

  constructor(refused: MemoryRefusedLinks) {
    this.#refused = refused;
  }

  async ofDay(sandboxName: string, day: string, page: PageRequest): Promise<Page<RefusedLink>> {
    const links = [...this.#refused.links.values()].filter((link) => link.sandboxName === sandboxName);
    const ofDay = links.filter(({ at }) => new Date(at).toISOString().startsWith(day));
    return pageOf(ofDay, ({ profileId }) => profileId, page);
  }
}

export class MemoryFailedBatches implements FailedBatches {
  readonly batches = new Map<string, string>();

  async list(page: PageRequest): Promise<Page<FailedBatch>> {
    const all = [...this.batches].map(([id, text]) => ({ id, text }));
    return pageOf(all, ({ id }) => id, page);
  }

  async find(id: string): Promise<FailedBatch | undefined> {
    const text = this.batches.get(id);
    return text === undefined ? undefined : { id, text };
  }

  async remove(id: string): Promise<void> {
    this.batches.delete(id);
  }
}

export class MemoryProfileScan implements ProfileScan {
  readonly #profiles: MemoryProfileStore;

  constructor(profiles: MemoryProfileStore) {
    this.#profiles = profiles;
  }

  async page(sandboxName: string, after: string | undefined, limit: number): Promise<ProfileScanPage> {
    const people = this.#profiles.all().filter(([, { leadsTo }]) => leadsTo === undefined);
    const keys = people.map(([key]) => key);
    const { entries, next } = pageOf(keys, profileKeyText, { after, limit });
    return { keys: entries.filter((key) => key.sandboxName === sandboxName), next };
  }
}
