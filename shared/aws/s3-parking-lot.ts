/** Items of parked profiles, each an object below its profile's prefix. */
import { S3Client } from '@aws-sdk/client-s3';
import type { ParkedItem, ParkingLot, ProfileKey } from '#shared/profile/profile-store.ts';
import type { Page, PageRequest, ParkedItems, ParkedSummary } from '#shared/profile/set-aside.ts';
import { S3Objects } from './s3-objects.ts';

const COUNTED_MAX = 1_000;
const SUFFIX = '.json';

interface StoredItem {
  readonly reason: string;
  readonly arrivedAt: string;
  readonly record: string;
}

const folderOf = ({ sandboxName, profileId }: ProfileKey) => `${sandboxName}/${profileId}/`;

export class S3ParkingLot implements ParkingLot, ParkedItems {
  readonly #objects: S3Objects;

  constructor(bucket: string, client = new S3Client({})) {
    this.#objects = new S3Objects(bucket, 'parked/', client);
  }

  async put({ key, id, reason, text, arrival }: ParkedItem): Promise<void> {
    const content: StoredItem = { reason, arrivedAt: new Date(arrival).toISOString(), record: text };
    await this.#objects.put(`${folderOf(key)}${id}${SUFFIX}`, content);
  }

  profiles(sandboxName: string, page: PageRequest): Promise<Page<string>> {
    return this.#objects.folders(`${sandboxName}/`, page);
  }

  async summary(key: ProfileKey): Promise<ParkedSummary> {
    const { entries, next } = await this.#objects.list(folderOf(key), { limit: COUNTED_MAX });
    const [oldest] = [...entries].sort((left, right) => left.modifiedAt - right.modifiedAt);
    const [first] = await this.#read(key, oldest ? [oldest.name] : []);
    return { items: entries.length, hasMore: next !== undefined, first };
  }

  async items(key: ProfileKey, limit: number): Promise<Page<ParkedItem>> {
    const { entries, next } = await this.#objects.list(folderOf(key), { limit });
    const names = entries.map(({ name }) => name);
    return { entries: await this.#read(key, names), next };
  }

  remove(key: ProfileKey, ids: readonly string[]): Promise<void> {
    return this.#objects.remove(ids.map((id) => `${folderOf(key)}${id}${SUFFIX}`));
  }

  async #read(key: ProfileKey, names: readonly string[]): Promise<readonly ParkedItem[]> {
    const texts = await this.#objects.readAll(names);
    return texts.map(([name, text]) => {
      const { reason, arrivedAt, record } = JSON.parse(text) as StoredItem;
      const id = name.slice(folderOf(key).length, -SUFFIX.length);
      return { key, id, reason, text: record, arrival: Date.parse(arrivedAt) };
    });
  }
}
